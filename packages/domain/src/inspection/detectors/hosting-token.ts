import { prefixedToken } from '../prefixed-token.ts';

export const hostingToken = prefixedToken(
  {
    id: 'hosting-token',
    group: 'secrets',
    title: 'Token of a hosting or database service',
    description:
      'Tokens of Supabase (sbp_…), PlanetScale (pscale_…), Netlify (nfp_…), Fly.io (fo1_…), Heroku (HRKU-…), Render (rnd_…), Pulumi (pul-…), HashiCorp Vault (hvs.…), Doppler (dp.pt.…) and Dynatrace (dt0c01.…).',
  },
  [
    { prefix: 'sbp_', body: '[a-f0-9]{40}(?![A-Za-z0-9])' },
    { prefix: 'pscale_tkn_', body: '[A-Za-z0-9_=.-]{32,64}' },
    { prefix: 'pscale_pw_', body: '[A-Za-z0-9_=.-]{32,64}' },
    { prefix: 'pscale_oauth_', body: '[A-Za-z0-9_=.-]{32,64}' },
    { prefix: 'nfp_', body: '[A-Za-z0-9]{36}(?![A-Za-z0-9])' },
    { prefix: 'fo1_', body: '[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])' },
    { prefix: 'HRKU-', body: '[A-Za-z0-9_-]{36,60}(?![A-Za-z0-9_-])' },
    { prefix: 'rnd_', body: '[A-Za-z0-9]{28}(?![A-Za-z0-9])', confidence: 0.8 },
    { prefix: 'pul-', body: '[a-f0-9]{40}(?![A-Za-z0-9])' },
    { prefix: 'hvs.', body: '[A-Za-z0-9_-]{24,}' },
    { prefix: 'hvb.', body: '[A-Za-z0-9_-]{100,}' },
    { prefix: 'dp.pt.', body: '[A-Za-z0-9]{40,44}(?![A-Za-z0-9])' },
    { prefix: 'dt0c01.', body: String.raw`[A-Z0-9]{24}\.[A-Z0-9]{64}(?![A-Z0-9])` },
  ],
);
