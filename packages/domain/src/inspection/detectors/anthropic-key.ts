import { prefixedToken } from '../prefixed-token.ts';

export const anthropicKey = prefixedToken(
  {
    id: 'anthropic-key',
    group: 'secrets',
    title: 'Anthropic API key',
    description: 'API, admin and OAuth keys of Anthropic (sk-ant-api03-…, sk-ant-admin01-…, sk-ant-oat01-…).',
  },
  [{ prefix: 'sk-ant-', body: '[a-z0-9]{2,16}-[A-Za-z0-9_-]{20,}' }],
);
