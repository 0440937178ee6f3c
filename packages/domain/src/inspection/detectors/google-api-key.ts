import { prefixedToken } from '../prefixed-token.ts';

export const googleApiKey = prefixedToken(
  {
    id: 'google-api-key',
    group: 'secrets',
    title: 'Google API key',
    description: 'API keys (AIza…) and OAuth client secrets (GOCSPX-…) of Google Cloud, Maps, Firebase and Gemini.',
  },
  [
    { prefix: 'AIza', body: '[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])' },
    { prefix: 'GOCSPX-', body: '[A-Za-z0-9_-]{20,64}' },
  ],
);
