// Policies as YAML: one document each, named by their names, with servers and teams by name as well, so that a file can be
// kept in a repository and applied to any organization. What a file does not say is the default, and is not written.
import { definitionDraft } from '@mcpvault/contract/policy-definitions';
import { Failure } from '@mcpvault/domain/failure';
import type { Policy } from '@mcpvault/domain/policy/policy';
import { type Document, parseAllDocuments, stringify } from 'yaml';
import { z } from 'zod';

const names = z.array(z.string().min(1).max(200)).max(1000).nullable().default(null);

/** As `definitionDraft`, but servers and teams go by their names. */
export const fileShape = z.strictObject({
  ...definitionDraft.omit({ note: true, source: true }).shape,
  pilot: names,
  scope: z
    .strictObject({ servers: names, tools: names, teams: names, roles: names, clients: names, workstations: names })
    .prefault({}),
});

/** A policy of a file. */
export type FilePolicy = z.output<typeof fileShape>;

/** The policy of one document; null where it is none. */
export function parseFilePolicy(document: Document): FilePolicy | null {
  try {
    const parsed = document.errors.length > 0 ? null : fileShape.safeParse(document.toJS({ maxAliasCount }));
    return parsed?.success === true ? parsed.data : null;
  } catch {
    return null;
  }
}

/** How often what an anchor names may be repeated: few letters must not become a mountain. */
export const maxAliasCount = 100;

/** Bytes; more is no file of policies. */
const longestFile = 4 * 1024 * 1024;

/** The policies of a file, or a `Failure` of code `invalid_params` that says where it is wrong. */
export function readPolicyFile(text: string, file: string): FilePolicy[] {
  if (text.length > longestFile) throw wrong(file, 'it is too large');
  const documents = parseAllDocuments(text);
  const policies: FilePolicy[] = [];
  for (const document of Array.isArray(documents) ? documents : []) {
    const [error] = document.errors;
    if (error !== undefined) throw wrong(file, error.message.split('\n')[0] ?? 'it is no YAML');
    const value: unknown = document.toJS({ maxAliasCount });
    if (value === null || value === undefined) continue;
    const parsed = fileShape.safeParse(value);
    if (!parsed.success) throw wrong(file, problemOf(parsed.error, value, policies.length + 1));
    policies.push(parsed.data);
  }
  const twice = policies.find(({ name }, index) => policies.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined) throw wrong(file, `“${twice.name}” is in it twice`);
  return policies;
}

function problemOf(error: z.ZodError, value: unknown, number: number): string {
  const [issue] = error.issues;
  const name = typeof value === 'object' && value !== null && 'name' in value ? `“${String(value.name)}”` : `${number}`;
  const place = issue?.path.map(String).join('.') ?? '';
  return `policy ${name}${place === '' ? '' : `, at ${place}`}: ${issue?.message ?? 'it is wrong'}`;
}

function wrong(file: string, why: string): Failure {
  return new Failure('invalid_params', `${file}: ${why}`);
}

/** One document, without what is the default. Ends with a line end. */
export function writePolicyDocument(policy: FilePolicy): string {
  const standard = fileShape.parse({ name: 'x', reason: 'x', actions: [{ type: 'allow' }] });
  const said = Object.entries(policy).flatMap(([key, value]): [string, unknown][] => {
    if (!(key in standard)) return [];
    if (key === 'scope') {
      const scope = Object.fromEntries(Object.entries(policy.scope).filter(([, part]) => part !== null));
      return Object.keys(scope).length === 0 ? [] : [[key, scope]];
    }
    const isNeeded = key === 'name' || key === 'reason' || key === 'actions' || key === 'severity' || key === 'mode';
    const isStandard = JSON.stringify(value) === JSON.stringify(standard[key as keyof FilePolicy]);
    return isStandard && !isNeeded ? [] : [[key, value]];
  });
  return stringify(Object.fromEntries(said), { lineWidth: 110 });
}

/** The policy as checks and tests see it; names of servers and teams stand for ids, which neither looks at. */
export function policyOfFile(policy: FilePolicy): Policy {
  return { ...(policy as unknown as Omit<Policy, 'id' | 'version'>), id: 'pol_file', version: 1 };
}
