// Policies as text: what the editor and files write. The hub reads YAML, says what is wrong and where, and writes it again.
import { z } from 'zod';
import { id, operation } from './operation.ts';
import { definitionDraft, problemShape, scopeShape, testResult } from './policy-definitions.ts';

/** Offsets are UTF-16 code units of the text, `end` exclusive; lines and columns count from 1. */
const textPlace = z.object({
  start: z.number().int(),
  end: z.number().int(),
  line: z.number().int(),
  column: z.number().int(),
});

const textProblem = problemShape.omit({ field: true, place: true }).extend({
  /** Where in the policy, such as `actions.0.style`; empty for the text as a whole. */
  path: z.string(),
  place: textPlace.nullable(),
});

export const checkPolicyText = operation({
  name: 'policies.check',
  method: 'POST',
  path: '/policies/definitions/check',
  permission: 'policies:read',
  audited: false,
  summary: 'Read policies as YAML, say what is wrong and where, and run their tests; nothing is saved',
  input: z.object({ text: z.string().max(1_000_000) }),
  output: z.object({
    policies: z.array(
      z.object({
        name: z.string(),
        /** What it says, ready to be saved; null where it cannot be read. */
        draft: z.object({ ...definitionDraft.shape, scope: z.object(scopeShape.shape) }).nullable(),
        problems: z.array(textProblem),
        tests: z.array(testResult.extend({ place: textPlace.nullable() })),
      }),
    ),
    /** Of the text as a whole. */
    problems: z.array(textProblem),
  }),
});

export const readPolicyText = operation({
  name: 'policies.text',
  method: 'GET',
  path: '/policies/text',
  permission: 'policies:read',
  summary: 'Write one policy, a version of it, or all of them as YAML, with the comments of their authors',
  input: z.object({ id: id('pol').optional(), version: z.coerce.number().int().min(1).optional() }),
  output: z.object({ text: z.string() }),
});

export const listPolicyLibrary = operation({
  name: 'policies.library',
  method: 'GET',
  path: '/policies/library',
  permission: 'policies:read',
  summary: 'List the policies that come with MCPVault, to begin with',
  input: z.object({}),
  output: z.object({
    items: z.array(
      z.object({
        name: z.string(),
        reason: z.string(),
        severity: definitionDraft.shape.severity.unwrap(),
        actions: z.array(z.string()),
        tests: z.number().int(),
        text: z.string(),
      }),
    ),
    next: z.null(),
  }),
});
