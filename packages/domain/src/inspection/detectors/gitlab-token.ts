import { prefixedToken } from '../prefixed-token.ts';

/** Plain tokens have 20 characters; routable ones are longer and end in two dotted parts. */
const body = String.raw`[A-Za-z0-9_-]{20,300}(?:\.[0-9a-z]{2}\.[0-9a-z]{9})?`;
const prefixes = [
  'glpat-',
  'gloas-',
  'gldt-',
  'glrt-',
  'glrtr-',
  'glcbt-',
  'glptt-',
  'glft-',
  'glimt-',
  'glagent-',
  'glwt-',
  'glsoat-',
  'glffct-',
];

export const gitlabToken = prefixedToken(
  {
    id: 'gitlab-token',
    group: 'secrets',
    title: 'GitLab token',
    description:
      'Personal, project and group access tokens (glpat-…) and GitLab’s other token kinds (gldt-…, glrt-…, …).',
  },
  prefixes.map((prefix) => ({ prefix, body })),
);
