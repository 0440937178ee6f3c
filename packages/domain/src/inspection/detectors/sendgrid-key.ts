import { prefixedToken } from '../prefixed-token.ts';

export const sendgridKey = prefixedToken(
  {
    id: 'sendgrid-key',
    group: 'secrets',
    title: 'SendGrid API key',
    description: 'API keys of SendGrid (SG.….…).',
  },
  [{ prefix: 'SG.', body: String.raw`[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{32,64}` }],
);
