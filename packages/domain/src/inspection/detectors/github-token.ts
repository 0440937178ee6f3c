import { prefixedToken } from '../prefixed-token.ts';

const body = '[A-Za-z0-9]{36,255}(?![A-Za-z0-9])';

export const githubToken = prefixedToken(
  {
    id: 'github-token',
    group: 'secrets',
    title: 'GitHub token',
    description:
      'Personal access tokens (ghp_…, github_pat_…), OAuth tokens (gho_…) and tokens of GitHub Apps (ghu_…, ghs_…, ghr_…).',
  },
  [
    { prefix: 'github_pat_', body: '[A-Za-z0-9_]{36,255}' },
    { prefix: 'ghp_', body },
    { prefix: 'gho_', body },
    { prefix: 'ghu_', body },
    { prefix: 'ghs_', body: String.raw`[A-Za-z0-9_-]{36,}(?:\.[A-Za-z0-9_-]{8,}){0,2}` },
    { prefix: 'ghr_', body },
  ],
);
