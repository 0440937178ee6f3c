import { prefixedToken } from '../prefixed-token.ts';

export const npmToken = prefixedToken(
  {
    id: 'npm-token',
    group: 'secrets',
    title: 'npm token',
    description: 'Access tokens of the npm registry (npm_…).',
  },
  [{ prefix: 'npm_', body: '[A-Za-z0-9]{36}(?![A-Za-z0-9])' }],
);
