import { prefixedToken } from '../prefixed-token.ts';

export const openaiKey = prefixedToken(
  {
    id: 'openai-key',
    group: 'secrets',
    title: 'OpenAI API key',
    description:
      'API keys of projects, service accounts and admins (sk-proj-…, sk-svcacct-…, sk-admin-…), older keys (sk-…), and the keys of compatible services that are written alike.',
  },
  [
    { prefix: 'sk-proj-', body: '[A-Za-z0-9_-]{20,}' },
    { prefix: 'sk-svcacct-', body: '[A-Za-z0-9_-]{20,}' },
    { prefix: 'sk-service-', body: '[A-Za-z0-9_-]{20,}' },
    { prefix: 'sk-admin-', body: '[A-Za-z0-9_-]{20,}' },
    { prefix: 'sk-None-', body: '[A-Za-z0-9_-]{20,}' },
    { prefix: 'sk-or-v1-', body: '[0-9a-f]{64}(?![A-Za-z0-9])' },
    { prefix: 'sk-', body: '(?=[A-Za-z]{0,63}[0-9])[A-Za-z0-9]{32,64}(?![A-Za-z0-9_-])', confidence: 0.85 },
  ],
);
