import { prefixedToken } from '../prefixed-token.ts';

export const googleOauthToken = prefixedToken(
  {
    id: 'google-oauth-token',
    group: 'secrets',
    title: 'Google OAuth credential',
    description: 'Client secrets (GOCSPX-…) and access tokens (ya29.…) of Google.',
  },
  [
    { prefix: 'GOCSPX-', body: '[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])' },
    { prefix: 'ya29.', body: '[A-Za-z0-9_-]{20,}' },
  ],
);
