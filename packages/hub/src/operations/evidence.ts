// An evidence bundle for a review: the log of a range, and what is in force at that moment, as whoever asks may see it.
import { digestOf } from '@mcpvault/domain/audit/bundle';
import { bundleFormat, type Manifest } from '@mcpvault/domain/audit/bundle-shape';
import { Failure } from '@mcpvault/domain/failure';
import { permits } from '@mcpvault/domain/identity/permission';
import { operations } from '@mcpvault/contract/operations';
import { listAuditKeys } from './audit.ts';
import { listGrants } from './grants.ts';
import { type Context, type Handler, handlesPrepared } from './handler.ts';
import { listMembers } from './members.ts';
import { listPolicies } from './policies.ts';
import { listRoles } from './roles.ts';
import { listTeams } from './teams.ts';
import { fromRfc3339 } from './times.ts';

const listings = {
  'policies.json': listPolicies,
  'grants.json': listGrants,
  'roles.json': listRoles,
  'members.json': listMembers,
  'teams.json': listTeams,
  'keys.json': listAuditKeys,
} as const satisfies Readonly<Record<string, Handler>>;

export const bundleEvidence = handlesPrepared(
  'bundleEvidence',
  ({ from, to }, { services, caller }) => services.auditLog.open(caller.organization, timeOf(from), timeOf(to), true),
  async ({ from, to }, context, log) => {
    const { services, caller, now } = context;
    for (const { key } of Object.values(listings)) {
      const { permission } = operations[key];
      if (permits(caller, permission)) continue;
      throw new Failure('forbidden', `Your role, ${caller.role}, does not allow a bundle (${permission}).`, {
        fix: 'Ask an auditor of your organization for it.',
      });
    }
    const listed = [];
    for (const [name, handler] of Object.entries(listings)) {
      listed.push({ name, text: `${JSON.stringify(await everything(handler, context), null, 2)}\n` });
    }
    const about = { by: { id: caller.member, email: caller.email }, at: now, from: timeOf(from), to: timeOf(to) };
    const files = [...listed, { name: 'README.md', text: readme(about, log.to - log.from) }];
    const manifest = await services.auditLog.signBundle({
      ...{ type: 'bundle', format: bundleFormat, organization: caller.organization, ...about },
      closing: log.closing.signature,
      files: files.map(({ name, text }) => ({ name, sha256: digestOf(text) })),
    });
    context.note({ detail: { first: log.from, entries: log.to - log.from, signature: manifest.signature } });
    return { ...log, files, manifest };
  },
);

const atOnce = 200;

/** All pages of a list, as the list itself shows them. */
async function everything(handler: Handler, context: Context): Promise<unknown[]> {
  const items: unknown[] = [];
  const { output } = operations[handler.key];
  for (let cursor: string | undefined; ; ) {
    const page = output.parse(await handler.run({ limit: atOnce, cursor }, context, undefined)) as Page;
    items.push(...page.items);
    if (page.next === null) return items;
    cursor = page.next;
  }
}

interface Page {
  readonly items: readonly unknown[];
  readonly next: string | null;
}

function timeOf(given: string | undefined): number | null {
  return given === undefined ? null : fromRfc3339(given);
}

function readme({ by, at, from, to }: Pick<Manifest, 'by' | 'at' | 'from' | 'to'>, entries: number): string {
  const day = (time: number | null, none: string) => (time === null ? none : new Date(time).toISOString());
  return `# Evidence

Made by ${by.email} (${by.id}) on ${new Date(at).toISOString()}.

| file | what it holds |
|---|---|
| audit.jsonl | ${entries} entries of the audit log with their calls, ${day(from, 'from its beginning')} to ${day(to, 'that moment')} |
| policies.json, grants.json, roles.json, members.json, teams.json | what was in force when this was made |
| keys.json | the public keys that the hub publishes |
| bundle.json | the hub’s signature under all of it |

Check it anywhere, without the hub, with a public key that you got from somebody you trust:

    mcpvault audit verify FOLDER --key KEY

The log says who did what and who called what, never what a message said.
`;
}
