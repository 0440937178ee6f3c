import { prefixedToken } from '../prefixed-token.ts';

export const registryToken = prefixedToken(
  {
    id: 'registry-token',
    group: 'secrets',
    title: 'Package registry token',
    description: 'Tokens of PyPI (pypi-…), RubyGems (rubygems_…) and Docker Hub (dckr_pat_…).',
  },
  [
    { prefix: 'pypi-AgEIcHlwaS5vcmc', body: '[A-Za-z0-9_-]{50,}' },
    { prefix: 'rubygems_', body: '[a-f0-9]{48}(?![A-Za-z0-9])' },
    { prefix: 'dckr_pat_', body: '[A-Za-z0-9_-]{27}(?![A-Za-z0-9_-])' },
    { prefix: 'dckr_oat_', body: '[A-Za-z0-9_-]{32}(?![A-Za-z0-9_-])' },
  ],
);
