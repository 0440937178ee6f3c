import { prefixedToken } from '../prefixed-token.ts';

const body = '[A-Za-z0-9_-]{20,}';

export const mcpvaultToken = prefixedToken(
  {
    id: 'mcpvault-token',
    group: 'secrets',
    title: 'MCPVault token',
    description: 'Our own tokens: personal (mcpv_…), access (mcpa_…) and refresh (mcpr_…).',
  },
  [
    { prefix: 'mcpv_', body },
    { prefix: 'mcpa_', body },
    { prefix: 'mcpr_', body },
  ],
);
