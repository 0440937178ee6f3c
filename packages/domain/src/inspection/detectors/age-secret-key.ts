import { prefixedToken } from '../prefixed-token.ts';

export const ageSecretKey = prefixedToken(
  {
    id: 'age-secret-key',
    group: 'secrets',
    title: 'Key of age',
    description: 'Identities of the file encryption tool age (AGE-SECRET-KEY-1…).',
  },
  [{ prefix: 'AGE-SECRET-KEY-1', body: '[02-9AC-HJ-NP-Z]{58}(?![0-9A-Za-z])' }],
);
