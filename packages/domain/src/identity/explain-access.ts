// Why somebody may use a tool, or may not: everything that was looked at, in the order it was looked at, in words.
import type { GrantId, ServerId } from '../ids.ts';
import { type Grant, type Grantee, hasEnded } from './access.ts';

export interface Step {
  readonly about: 'member' | 'server' | 'role' | 'grant' | 'tool';
  /** Whether it speaks for the access. */
  readonly speaksFor: boolean;
  readonly text: string;
  readonly grant: GrantId | null;
}

export interface Explanation {
  readonly allowed: boolean;
  /** null: every tool; of no use when not allowed. */
  readonly tools: readonly string[] | null;
  readonly steps: readonly Step[];
}

export interface Question {
  readonly member: Grantee & { readonly name: string; readonly roleName: string; readonly isDisabled: boolean };
  readonly server: { readonly id: ServerId; readonly name: string; readonly isEnabled: boolean };
  /** null asks about the server as a whole. */
  readonly tool: string | null;
  /** Those that name the member in any way. */
  readonly grants: readonly Grant[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export function explainAccess({ member, server, tool, grants, now }: Question): Explanation {
  const steps: Step[] = [
    member.isDisabled
      ? step('member', false, `${member.name} is disabled, and may do nothing.`)
      : step('member', true, `${member.name} may sign in and use tokens.`),
    server.isEnabled
      ? step('server', true, `${server.name} is switched on.`)
      : step('server', false, `${server.name} is switched off for everybody.`),
  ];
  const usesAny = member.permissions.has('servers:use-any');
  steps.push(
    usesAny
      ? step('role', true, `The role ${member.roleName} may use every server without a grant.`)
      : step('role', false, `The role ${member.roleName} gives no server by itself; a grant is needed.`),
  );
  const ofServer = grants.filter((grant) => grant.server === server.id);
  steps.push(...ofServer.map((grant) => ofGrant(grant, tool, now)));
  const valid = ofServer.filter((grant) => !hasEnded(grant, now));
  if (!usesAny && ofServer.length === 0) {
    steps.push(step('grant', false, `No grant names ${server.name} and this member, their teams or their role.`));
  }
  const tools = usesAny || valid.some((grant) => grant.tools === null) ? null : toolsOf(valid);
  const reaches = usesAny || valid.length > 0;
  const hasTool = tool === null || tools === null || tools.includes(tool);
  if (reaches && !hasTool) {
    steps.push(step('tool', false, `The grants give other tools of ${server.name}: ${tools?.join(', ')}.`));
  }
  return { allowed: !member.isDisabled && server.isEnabled && reaches && hasTool, tools, steps };
}

function ofGrant(grant: Grant, tool: string | null, now: number): Step {
  const { subject, tools, expiresAt, id } = grant;
  const whom = { member: 'the member', team: 'a team of theirs', role: 'their role' }[subject.type];
  const what = tools === null ? 'every tool' : tools.join(', ');
  if (hasEnded(grant, now)) {
    return { about: 'grant', speaksFor: false, text: `A grant to ${whom} (${what}) has ended.`, grant: id };
  }
  const until = expiresAt === null ? '' : `, until ${new Date(expiresAt).toISOString()}`;
  const fits = tool === null || tools === null || tools.includes(tool);
  return { about: 'grant', speaksFor: fits, text: `A grant to ${whom} gives ${what}${until}.`, grant: id };
}

function toolsOf(grants: readonly Grant[]): readonly string[] {
  return [...new Set(grants.flatMap((grant) => grant.tools ?? []))];
}

function step(about: Step['about'], speaksFor: boolean, text: string): Step {
  return { about, speaksFor, text, grant: null };
}
