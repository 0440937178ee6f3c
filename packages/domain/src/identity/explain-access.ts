// Why somebody may use something of a server, or may not: everything that was looked at, in the order it was looked at, in
// words.
import type { GrantId } from '../ids.ts';
import { covers, type Grant, type Grantee, hasEnded, type ItemKind, isWhole } from './access.ts';
import { compileCondition } from './compile-condition.ts';
import type { Attempt, Circumstances } from './condition.ts';
import { type Extent, reachOf } from './reach.ts';

export interface Step {
  readonly about: 'member' | 'server' | 'role' | 'grant' | 'deny' | ItemKind;
  /** Whether it speaks for the access. */
  readonly speaksFor: boolean;
  readonly text: string;
  readonly grant: GrantId | null;
}

export interface Explanation {
  readonly allowed: boolean;
  /** null when nothing of the server can be used at all. */
  readonly extent: Extent | null;
  readonly steps: readonly Step[];
}

export interface Question {
  readonly member: Grantee & {
    readonly name: string;
    readonly email: string;
    readonly roleName: string;
    readonly isDisabled: boolean;
  };
  readonly server: Attempt['server'] & { readonly isEnabled: boolean };
  /** null asks about the server as a whole. */
  readonly item: { readonly kind: ItemKind; readonly name: string } | null;
  /** What the call would say; undefined where that is left open. */
  readonly arguments?: unknown;
  readonly circumstances: Circumstances;
  /** Those that name the member in any way. */
  readonly grants: readonly Grant[];
}

export function explainAccess(question: Question): Explanation {
  const { member, server, item, grants, circumstances } = question;
  const usesAny = member.permissions.has('servers:use-any');
  const ofServer = grants.filter((grant) => grant.server === server.id);
  const valid = ofServer.filter((grant) => !hasEnded(grant, circumstances.now));
  const reach = reachOf(usesAny, valid);
  const attempt = attemptOf(question);
  const steps = [
    ...beforeGrants(member, server, usesAny),
    ...ofServer.map((grant) => ofGrant(grant, question, attempt)),
  ];
  if (!usesAny && !ofServer.some(({ effect }) => effect === 'allow')) {
    steps.push(step('grant', false, `No grant names ${server.name} and this member, their teams or their role.`));
  }
  const isOpen = reach !== null && isAllowed(question, attempt);
  if (item !== null && !isOpen && valid.some(({ effect }) => effect === 'allow') && !steps.some(isDeny)) {
    steps.push(step(item.kind, false, `No grant that holds gives the ${item.kind} ${item.name} of ${server.name}.`));
  }
  return { allowed: !member.isDisabled && server.isEnabled && isOpen, extent: reach?.extent() ?? null, steps };
}

function isAllowed({ member, server, item, grants, circumstances, ...rest }: Question, attempt: Attempt): boolean {
  const usesAny = member.permissions.has('servers:use-any');
  const valid = grants.filter((grant) => grant.server === server.id && !hasEnded(grant, circumstances.now));
  const reach = reachOf(usesAny, valid);
  if (reach === null) return false;
  if (item === null) return reach.opens(attempt).allowed;
  return rest.arguments === undefined ? reach.lists(attempt) : reach.decide(attempt).allowed;
}

function attemptOf({ member, server, item, circumstances, ...rest }: Question): Attempt {
  return {
    ...circumstances,
    caller: member,
    server,
    kind: item?.kind ?? null,
    name: item?.name ?? '',
    arguments: () => rest.arguments ?? {},
  };
}

function beforeGrants(member: Question['member'], server: Question['server'], usesAny: boolean): Step[] {
  return [
    member.isDisabled
      ? step('member', false, `${member.name} is disabled, and may do nothing.`)
      : step('member', true, `${member.name} may sign in and use tokens.`),
    server.isEnabled
      ? step('server', true, `${server.name} is switched on.`)
      : step('server', false, `${server.name} is switched off for everybody.`),
    usesAny
      ? step('role', true, `The role ${member.roleName} may use every server without a grant.`)
      : step('role', false, `The role ${member.roleName} gives no server by itself; a grant is needed.`),
  ];
}

function ofGrant(grant: Grant, question: Question, attempt: Attempt): Step {
  const { subject, expiresAt, effect, id } = grant;
  const { item, circumstances } = question;
  const whom = { member: 'the member', team: 'a team of theirs', role: 'their role' }[subject.type];
  const isDenial = effect === 'deny';
  const about = isDenial ? 'deny' : 'grant';
  const title = isDenial ? `A deny for ${whom}` : `A grant to ${whom}`;
  if (hasEnded(grant, circumstances.now)) {
    return { about, speaksFor: false, text: `${title} (${whatOf(grant)}) has ended.`, grant: id };
  }
  const until = expiresAt === null ? '' : `, until ${new Date(expiresAt).toISOString()}`;
  const fits = item === null ? !isDenial || isWhole(grant) : covers(grant, item.kind, item.name);
  const state = conditionState(grant, question, attempt);
  const text = `${title} ${isDenial ? 'takes' : 'gives'} ${whatOf(grant)}${until}${stateText[state](grant.condition ?? '')}.`;
  const applies = fits && (state === 'none' || state === 'holds' || state === (isDenial ? 'broken' : 'open'));
  return { about, speaksFor: isDenial ? !applies : applies, text, grant: id };
}

function isDeny({ about, speaksFor }: Step): boolean {
  return about === 'deny' && !speaksFor;
}

type ConditionState = 'none' | 'holds' | 'fails' | 'open' | 'broken';

const stateText: Readonly<Record<ConditionState, (condition: string) => string>> = {
  none: () => '',
  holds: (condition) => `; its condition holds: ${condition}`,
  fails: (condition) => `; its condition does not hold: ${condition}`,
  open: (condition) => `; its condition depends on the arguments of the call: ${condition}`,
  broken: (condition) => `; its condition cannot be evaluated, and so opens nothing: ${condition}`,
};

function conditionState({ condition }: Grant, question: Question, attempt: Attempt): ConditionState {
  if (condition === null) return 'none';
  try {
    const compiled = compileCondition(condition);
    if (compiled.needsArguments && question.arguments === undefined) return 'open';
    return compiled.holds(attempt) ? 'holds' : 'fails';
  } catch {
    return 'broken';
  }
}

function whatOf(grant: Grant): string {
  if (isWhole(grant)) return 'the whole server';
  const { tools, prompts, resources } = grant;
  const parts = [
    tools === null ? null : `the tools ${tools.join(', ')}`,
    prompts === null ? null : `the prompts ${prompts.join(', ')}`,
    resources === null ? null : `the resources ${resources.join(', ')}`,
  ];
  return parts.filter((part) => part !== null).join(' and ');
}

function step(about: Step['about'], speaksFor: boolean, text: string): Step {
  return { about, speaksFor, text, grant: null };
}
