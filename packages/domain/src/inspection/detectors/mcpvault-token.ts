import { prefixedToken } from '../prefixed-token.ts';

const body = '[A-Za-z0-9_-]{20,}';

export const mcpvaultToken = prefixedToken(
  {
    id: 'mcpvault-token',
    group: 'secrets',
    title: 'MCPVault token',
    description:
      'Our own tokens: personal (mcpv_…), access (mcpa_…), refresh (mcpr_…), of who acts as somebody (mcpi_…), of identity providers (mcpp_…), and of workstations (mcpe_…, mcpw_…, mcpx_…).',
  },
  [
    { prefix: 'mcpv_', body },
    { prefix: 'mcpa_', body },
    { prefix: 'mcpr_', body },
    { prefix: 'mcpi_', body },
    { prefix: 'mcpp_', body },
    { prefix: 'mcpe_', body },
    { prefix: 'mcpw_', body },
    { prefix: 'mcpx_', body },
  ],
);
