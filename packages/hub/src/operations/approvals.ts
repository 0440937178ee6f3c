import {
  approvalLife,
  type ApprovalScope,
  type ApprovalState,
  goodForMinutes,
  outcomeOf,
} from '@mcpvault/domain/approvals/approval';
import { type Decider, whyNotDecide } from '@mcpvault/domain/approvals/may-decide';
import type { ShownCall } from '@mcpvault/domain/approvals/shown-call';
import { Failure } from '@mcpvault/domain/failure';
import { namesOperation } from '@mcpvault/domain/identity/key-scope';
import { permits } from '@mcpvault/domain/identity/permission';
import type { ApprovalId, MemberId, PolicyId } from '@mcpvault/domain/ids';
import type { Approval, ApprovalVote } from '@mcpvault/store/approvals-store';
import { callsOfTool } from '@mcpvault/store/messages-view';
import { answeredNotice } from '../approvals/approval-notices.ts';
import { detailOf } from '../approvals/approvals.ts';
import { proposePolicy } from '../approvals/propose-policy.ts';
import { type Context, handles } from './handler.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';

const minute = 60_000;
const lookedBack = 30 * 24 * 60 * minute;
const similarAtMost = 5;

export const listApprovals = handles('listApprovals', async ({ decidable, state, ...paging }, context) => {
  const { stores, caller, now } = context;
  const isDesk = seesOthers(context, 'approvals.list');
  const query = { ...paging, state: decidable === true ? ('pending' as const) : state };
  const page = await stores.approvals.list(
    caller.organization,
    isDesk ? query : { ...query, member: caller.member },
    now,
  );
  const desk = await deskOf(context, isDesk, page.items);
  const seen = page.items.filter((one) => desk.sees(one) && (decidable !== true || desk.whyNot(one) === null));
  const around = await aroundOf(context, seen);
  return { items: seen.map((one) => show(context, one, desk, around)), next: page.next };
});

export const getApproval = handles('getApproval', async ({ id }, context) => {
  const found = await context.stores.approvals.byId(context.caller.organization, id);
  return showDetail(context, await visible(context, found, 'approvals.get'));
});

export const approveCall = handles('approveCall', async ({ id, scope, reason, proposePolicy: proposes }, context) => {
  const { stores, caller, now } = context;
  const asked = await decidableOf(context, id, 'approve');
  if (scope === 'session' && !asked.sessions) {
    throw new Failure('invalid_params', 'A policy that holds this call wants each call approved by itself.', {
      field: 'scope',
    });
  }
  const votes = await vote(context, asked, { says: 'approve', scope, reason: reason || null });
  const state = outcomeOf(votes, asked.needed);
  if (state === 'approved') {
    const given: ApprovalScope = votes.every((one) => one.scope === 'session') ? 'session' : 'once';
    const expiresAt = now + goodForMinutes[given] * minute;
    await stores.approvals.update(caller.organization, id, { state, scope: given, decidedAt: now, expiresAt });
    await context.services.notify(stores, await answeredNotice(stores, asked, state, reason || null));
  }
  const proposed = proposes ? await proposePolicy(context, asked) : null;
  context.note({
    subject: id,
    detail: {
      ...detailOf({ ...asked, state }),
      ...{ scope, reason: reason || null, needed: asked.needed, given: votes.length },
      ...(proposed !== null && { proposed: proposed.id }),
    },
  });
  context.changed('approvals', id);
  return { ...(await showDetail(context, await reread(context, id))), proposed };
});

export const refuseCall = handles('refuseCall', async ({ id, reason }, context) => {
  const { stores, caller, now } = context;
  const asked = await decidableOf(context, id, 'refuse');
  await vote(context, asked, { says: 'refuse', scope: null, reason: reason || null });
  // Long enough for its asker to hear of it instead of asking anew.
  const expiresAt = Math.max(asked.expiresAt, now + goodForMinutes.once * minute);
  await stores.approvals.update(caller.organization, id, { state: 'refused', decidedAt: now, expiresAt });
  await context.services.notify(stores, await answeredNotice(stores, asked, 'refused', reason || null));
  context.note({ subject: id, detail: { ...detailOf({ ...asked, state: 'refused' }), reason: reason || null } });
  context.changed('approvals', id);
  return showDetail(context, await reread(context, id));
});

export const withdrawCall = handles('withdrawCall', async ({ id }, context) => {
  const { stores, caller, now } = context;
  const asked = await visible(context, await stores.approvals.locked(caller.organization, id), 'approvals.withdraw');
  if (asked.member !== caller.member) throw new Failure('forbidden', 'Only who asked takes a request back.');
  const next = approvalLife[standsNow(asked, now)].withdraw;
  if (next === null) throw new Failure('conflict', `It is ${standsNow(asked, now)} already.`);
  await stores.approvals.update(caller.organization, id, { state: next, decidedAt: now });
  context.note({ subject: id, detail: detailOf({ ...asked, state: next }) });
  context.changed('approvals', id);
  return showDetail(context, await reread(context, id));
});

/** Locked until the decision is written down, so that two of them cannot meet. */
async function decidableOf(context: Context, id: ApprovalId, happens: 'approve' | 'refuse'): Promise<Approval> {
  const { stores, caller, now } = context;
  const asked = await visible(context, await stores.approvals.locked(caller.organization, id), `approvals.${happens}`);
  const desk = await deskOf(context, true, [asked]);
  const whyNot = desk.whyNot(asked);
  if (whyNot !== null) throw new Failure('forbidden', whyNot);
  const state = standsNow(asked, now);
  if (approvalLife[state][happens] === null) throw new Failure('conflict', `It is ${state} already.`);
  return asked;
}

async function vote(
  { stores, caller, now }: Context,
  { id }: Approval,
  said: Pick<ApprovalVote, 'says' | 'scope' | 'reason'>,
): Promise<readonly ApprovalVote[]> {
  await stores.approvals.vote(caller.organization, { approval: id, member: caller.member, at: now, ...said });
  return stores.approvals.votes(caller.organization, [id]);
}

async function reread({ stores, caller }: Context, id: ApprovalId): Promise<Approval> {
  const found = await stores.approvals.byId(caller.organization, id);
  if (found === null) throw noSuchRequest();
  return found;
}

function noSuchRequest(): Failure {
  return new Failure('not_found', 'There is no such request for approval.');
}

/** What is not theirs to see reads as if it did not exist. */
async function visible(context: Context, found: Approval | null, operation: string): Promise<Approval> {
  if (found === null) throw noSuchRequest();
  const desk = await deskOf(context, seesOthers(context, operation), [found]);
  if (!desk.sees(found)) throw noSuchRequest();
  return found;
}

/** A token that lies with an AI client shows what its member asked, and neither does who acts as them see more. */
function seesOthers({ caller }: Context, operation: string): boolean {
  if (caller.actedBy !== undefined) return false;
  return caller.token === null || namesOperation(caller.scope?.operations ?? [], operation);
}

/** What the caller may see and decide of these requests. */
interface Desk {
  whyNot(asked: Approval): string | null;
  sees(asked: Approval): boolean;
}

async function deskOf(
  { stores, services, caller }: Context,
  isDesk: boolean,
  asked: readonly Approval[],
): Promise<Desk> {
  const { organization, member, email, role, teams } = caller;
  if (!isDesk) return { whyNot: () => 'This credential decides nothing.', sees: (one) => one.member === member };
  const self = await stores.members.byId(organization, member);
  const supervised = new Map<MemberId, boolean>();
  for (const one of asked) {
    if (one.member === member || supervised.has(one.member)) continue;
    supervised.set(one.member, await stores.members.supervises(organization, member, one.member));
  }
  const decidesAll = permits(caller, 'approvals:decide');
  const decider = (one: Approval): Decider => ({
    ...{ member, email, decidesAll },
    roles: [role, ...(self === null ? [] : [self.roleName])],
    teams: teams.flatMap((team) => [team, services.catalog.teamName(organization, team) ?? team]),
    supervises: supervised.get(one.member) === true,
  });
  const whyNot = (one: Approval): string | null =>
    whyNotDecide({ excluded: one.excluded, from: fromOf(one) }, decider(one));
  const sees = (one: Approval): boolean =>
    one.member === member || decidesAll || supervised.get(one.member) === true || whyNot(one) === null;
  return { whyNot, sees };
}

function fromOf({ policies }: Approval): readonly (readonly string[])[] {
  return policies.flatMap(({ from }) => (from === undefined ? [] : [from]));
}

function standsNow({ state, expiresAt }: Approval, now: number): ApprovalState {
  return expiresAt <= now ? (approvalLife[state].expire ?? state) : state;
}

/** What is shown with requests, read for all of them at once. */
interface Around {
  readonly names: ReadonlyMap<PolicyId, string>;
  readonly votes: readonly ApprovalVote[];
}

async function aroundOf({ stores, caller }: Context, asked: readonly Approval[]): Promise<Around> {
  const policies = asked.flatMap((one) => one.policies.map(({ policy }) => policy));
  const approvals = asked.map(({ id }) => id);
  return {
    names: await stores.policies.names(caller.organization, [...new Set(policies)]),
    votes: await stores.approvals.votes(caller.organization, approvals),
  };
}

function show({ services, caller, now }: Context, asked: Approval, desk: Desk, { names, votes: all }: Around) {
  const { organization } = caller;
  const votes = all.filter(({ approval }) => approval === asked.id);
  const { id, scope, client, server, serverName, method, target, needed, note, sessions } = asked;
  const person = (member: MemberId) => ({
    id: member,
    ...(services.catalog.member(organization, member) ?? { email: '', name: 'Somebody who left' }),
  });
  return {
    ...{ id, scope, client, method, target, needed, note, sessions },
    state: standsNow(asked, now),
    member: person(asked.member),
    actor: asked.actedBy === null ? null : person(asked.actedBy),
    server: server === null ? null : { id: server, name: serverName ?? server },
    policies: asked.policies.map(({ policy, version, reason }) => ({
      id: policy,
      name: names.get(policy) ?? policy,
      version,
      reason,
    })),
    votes: votes.map(({ member, says, scope: of, reason, at }) => ({
      ...{ says, reason, scope: of, at: rfc3339(at) },
      member: person(member),
    })),
    isOwn: asked.member === caller.member,
    whyNot: desk.whyNot(asked),
    createdAt: rfc3339(asked.createdAt),
    expiresAt: rfc3339(asked.expiresAt),
    decidedAt: rfc3339OrNull(asked.decidedAt),
    usedAt: rfc3339OrNull(asked.usedAt),
  };
}

async function showDetail(context: Context, asked: Approval) {
  const { stores, services, caller, now } = context;
  const { organization } = caller;
  const desk = await deskOf(context, true, [asked]);
  const opened = services.sealer.open(organization, asked.id, asked.shown.key, asked.shown.sealed);
  const { text, isCut } = JSON.parse(opened.toString()) as ShownCall;
  const similar = await stores.approvals.similar(asked, similarAtMost);
  const votes = await stores.approvals.votes(
    organization,
    similar.map(({ id }) => id),
  );
  const calls = await callsOfTool(stores.executor, organization, asked, now - lookedBack);
  return {
    ...show(context, asked, desk, await aroundOf(context, [asked])),
    arguments: text,
    isCut,
    similar: similar.map((one) => ({
      id: one.id,
      state: standsNow(one, now),
      member: {
        id: one.member,
        ...(services.catalog.member(organization, one.member) ?? { email: '', name: 'Somebody who left' }),
      },
      isSame: one.digest.equals(asked.digest),
      reason: votes.find(({ approval, reason }) => approval === one.id && reason !== null)?.reason ?? null,
      createdAt: rfc3339(one.createdAt),
    })),
    calls: { ...calls, lastAt: rfc3339OrNull(calls.lastAt) },
  };
}
