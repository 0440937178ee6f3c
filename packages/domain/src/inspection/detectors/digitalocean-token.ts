import { prefixedToken } from '../prefixed-token.ts';

const body = '[a-f0-9]{64}(?![A-Za-z0-9])';

export const digitaloceanToken = prefixedToken(
  {
    id: 'digitalocean-token',
    group: 'secrets',
    title: 'DigitalOcean token',
    description: 'Personal, OAuth and refresh tokens of DigitalOcean (dop_v1_…, doo_v1_…, dor_v1_…).',
  },
  [
    { prefix: 'dop_v1_', body },
    { prefix: 'doo_v1_', body },
    { prefix: 'dor_v1_', body },
  ],
);
