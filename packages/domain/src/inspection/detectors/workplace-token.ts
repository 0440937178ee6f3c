import { prefixedToken } from '../prefixed-token.ts';

const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9A-Za-z])';

export const workplaceToken = prefixedToken(
  {
    id: 'workplace-token',
    group: 'secrets',
    title: 'Token of a workplace tool',
    description:
      'Tokens of Atlassian (ATATT3…), Notion (ntn_…, secret_…), Linear (lin_api_…), Figma (figd_…), HubSpot (pat-na1-…), Postman (PMAK-…), Typeform (tfp_…), Sentry (sntrys_…), Grafana (glsa_…, glc_…) and New Relic (NRAK-…).',
  },
  [
    { prefix: 'ATATT3', body: '[A-Za-z0-9_=-]{160,}' },
    { prefix: 'ntn_', body: '[A-Za-z0-9]{46}(?![A-Za-z0-9])' },
    { prefix: 'secret_', body: '[A-Za-z0-9]{43}(?![A-Za-z0-9])', confidence: 0.85 },
    { prefix: 'lin_api_', body: '[A-Za-z0-9]{40}(?![A-Za-z0-9])' },
    { prefix: 'lin_oauth_', body: '[a-f0-9]{64}(?![A-Za-z0-9])' },
    { prefix: 'figd_', body: '[A-Za-z0-9_-]{40,}' },
    { prefix: 'pat-na1-', body: uuid },
    { prefix: 'pat-eu1-', body: uuid },
    { prefix: 'PMAK-', body: '[a-f0-9]{24}-[a-f0-9]{34}(?![A-Za-z0-9])' },
    { prefix: 'tfp_', body: '[A-Za-z0-9_=.-]{59}(?![A-Za-z0-9])' },
    { prefix: 'sntrys_', body: '[A-Za-z0-9_=+/-]{80,}' },
    { prefix: 'sntryu_', body: '[a-f0-9]{64}(?![A-Za-z0-9])' },
    { prefix: 'glsa_', body: '[A-Za-z0-9]{32}_[a-f0-9]{8}(?![A-Za-z0-9])' },
    { prefix: 'glc_', body: '[A-Za-z0-9+/]{32,}={0,2}' },
    { prefix: 'NRAK-', body: '[A-Z0-9]{27}(?![A-Za-z0-9])' },
  ],
);
