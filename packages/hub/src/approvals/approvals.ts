// Held calls on this hub: what is asked is written down and told to everybody, and whoever waits here hears of a decision
// wherever it was made. What happens to a request and its audit entry are written together, or not at all.
import { createHmac } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import { approvalLife, covers, termsOf } from '@mcpvault/domain/approvals/approval';
import { shownCall } from '@mcpvault/domain/approvals/shown-call';
import type { ApprovalId, MemberId, OrganizationId } from '@mcpvault/domain/ids';
import { principalOf } from '@mcpvault/domain/identity/caller';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { ApprovalPort, HeldRequest, HoldStanding, Log } from '@mcpvault/gateway/ports';
import type { Approval } from '@mcpvault/store/approvals-store';
import { announce } from '@mcpvault/store/change-feed';
import type { Stores } from '@mcpvault/store/stores';
import type { Catalog } from '../catalog/catalog-snapshot.ts';
import type { Notify } from '../alerts/notify.ts';
import type { Changes, ChangeSubscriber } from '../changes.ts';
import { askedNotice } from './approval-notices.ts';

export interface Approvals extends ApprovalPort, ChangeSubscriber {
  start(): void;
  stop(): void;
}

export interface ApprovalsDeps {
  readonly stores: Stores;
  transaction<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
  readonly changes: Pick<Changes, 'announcement' | 'publish'>;
  readonly catalog: Pick<Catalog, 'tool'>;
  readonly sealer: Pick<Sealer, 'seal'>;
  policyKey(organization: OrganizationId): Uint8Array;
  readonly ambient: Ambient;
  readonly log: Log;
  readonly notify: Notify;
  /** How people reach this hub, without a slash at its end. */
  readonly url: string;
  /** How long a held call waits in its client at most, in milliseconds. */
  readonly patience: number;
}

/** One who sends this many different calls is not waiting for any of them. */
const mostPending = 50;
const minute = 60_000;
const latelyFor = 30 * minute;
const expireEvery = 10_000;
const expireAtOnce = 100;

export function createApprovals(deps: ApprovalsDeps): Approvals {
  const { stores, changes, ambient, log, url, patience } = deps;
  const { clock, ids } = ambient;
  const waiting = new Map<ApprovalId, Set<() => void>>();
  // Also after a start: clients of before may come back.
  let lastAt = clock.now();
  let lately = true;
  let timer: NodeJS.Timeout | undefined;

  /** Written down, announced and told in this order. */
  async function change<Result>(
    organization: OrganizationId,
    work: (stores: Stores, changed: (id: ApprovalId) => void) => Promise<Result>,
  ): Promise<Result> {
    const changed: ApprovalId[] = [];
    const told = () => changed.map((id) => ({ organization, area: 'approvals', id }) as const);
    const result = await deps.transaction(async (own) => {
      const done = await work(own, (id) => changed.push(id));
      if (changed.length > 0) await announce(own.executor, changes.announcement(told()));
      return done;
    });
    await changes.publish(told());
    return result;
  }

  function audit(
    own: Stores,
    organization: OrganizationId,
    actor: string,
    action: string,
    about: Approval | ApprovalId,
  ) {
    const detail = typeof about === 'string' ? {} : detailOf(about);
    const subject = typeof about === 'string' ? about : about.id;
    return own.audit.append({
      ...{ id: ids.next('aud'), organization, at: clock.now(), actor, action, subject, detail },
      outcome: 'done',
    });
  }

  async function stands(own: Stores, call: HeldRequest, changed: (id: ApprovalId) => void): Promise<HoldStanding> {
    const { caller, hold } = call;
    const { organization } = caller;
    const now = clock.now();
    const digests = digestsOf(call);
    const all = await own.approvals.standing(organization, digests.digest, digests.sessionDigest, now);
    const fitting = all.filter(({ policies }) => covers(policies, hold));
    const approved = fitting.find(
      ({ state, scope, digest, sessionDigest }) =>
        state === 'approved' &&
        (scope === 'session' ? sessionDigest.equals(digests.sessionDigest) : digest.equals(digests.digest)),
    );
    if (approved !== undefined) return use(own, call, approved, changed);
    const same = fitting.filter(({ digest }) => digest.equals(digests.digest));
    const refused = same.find(({ state }) => state === 'refused');
    if (refused !== undefined) return refusedStanding(own, refused);
    const known = same.find(({ state }) => state === 'pending');
    if (known !== undefined) return pendingStanding(known);
    const over = await endOf(own, call, now);
    if (over !== null) return over;
    if ((await own.approvals.countPending(organization, caller.member, now)) >= mostPending) {
      const reason = `${mostPending} of your calls wait for approval already; wait until some of them are decided.`;
      return { kind: 'refused', id: null, by: [], reason };
    }
    const asked = await newRequest(own, call, digests, now);
    await own.approvals.create(asked);
    await audit(own, organization, caller.actedBy?.member ?? caller.member, 'approvals.ask', asked);
    await deps.notify(own, await askedNotice(own, asked, caller.email));
    changed(asked.id);
    return pendingStanding(asked);
  }

  /** Who waited for a request that is over hears so, and does not ask anew by waiting on. */
  async function endOf(own: Stores, { caller, waited }: HeldRequest, now: number): Promise<HoldStanding | null> {
    const before = waited === null ? null : await own.approvals.byId(caller.organization, waited);
    if (before === null) return null;
    const { id, state, expiresAt } = before;
    if (state === 'withdrawn') return { kind: 'over', id, why: 'withdrawn' };
    const isLate = state === 'expired' || (approvalLife[state].expire !== null && expiresAt <= now);
    return isLate ? { kind: 'over', id, why: 'expired' } : null;
  }

  async function use(
    own: Stores,
    { caller }: HeldRequest,
    approval: Approval,
    changed: (id: ApprovalId) => void,
  ): Promise<HoldStanding> {
    const { organization, id, scope } = approval;
    const state = scope === 'session' ? approval.state : (approvalLife[approval.state].use ?? approval.state);
    await own.approvals.update(organization, id, { state, usedAt: clock.now() });
    await audit(own, organization, caller.actedBy?.member ?? caller.member, 'approvals.use', approval);
    changed(id);
    const votes = await own.approvals.votes(organization, [id]);
    return { kind: 'approved', id, by: votes.map(({ member }) => member) };
  }

  async function refusedStanding(own: Stores, { organization, id }: Approval): Promise<HoldStanding> {
    const votes = await own.approvals.votes(organization, [id]);
    const no = votes.filter(({ says }) => says === 'refuse');
    const [first] = no;
    const why = first?.reason ?? null;
    const reason = `Somebody who decides on such calls refused this one${why === null ? '.' : `: ${why}`}`;
    return { kind: 'refused', id, by: no.map(({ member }) => member), reason };
  }

  function pendingStanding({ id, expiresAt }: Approval): HoldStanding {
    return { kind: 'pending', id, page: `${url}/approvals/${id}`, until: expiresAt };
  }

  async function newRequest(
    own: Stores,
    call: HeldRequest,
    digests: { readonly digest: Buffer; readonly sessionDigest: Buffer },
    now: number,
  ): Promise<Approval> {
    const { caller, hold, about, client, endpoint, serverName, method, target } = call;
    const { organization, member, token } = caller;
    const id = ids.next('apr');
    const terms = termsOf(hold);
    const actedBy = caller.actedBy?.member ?? null;
    const behind = await own.approvals.behind(organization, member, token);
    const shown = shownCall(call);
    return {
      ...{ id, organization, member, actedBy, token, client, endpoint, serverName, method, ...digests },
      state: 'pending',
      scope: null,
      excluded: [...new Set<MemberId>([member, ...(actedBy === null ? [] : [actedBy]), ...behind])],
      conversation: about.conversation,
      server: about.server,
      target: shown.hidesTarget ? '[redacted]' : (target?.slice(0, 500) ?? null),
      policies: hold.policies,
      needed: terms.needed,
      sessions: terms.sessions,
      note: null,
      shown: deps.sealer.seal(organization, id, Buffer.from(JSON.stringify(shown))),
      createdAt: now,
      expiresAt: now + terms.minutes * minute,
      decidedAt: null,
      usedAt: null,
    };
  }

  /** With the definition that the tool has now: what was approved is not another tool of the same name. */
  function digestsOf({ caller, about, method, target, asked }: HeldRequest) {
    const key = deps.policyKey(caller.organization);
    const { server, tool, conversation } = about;
    const fingerprint = server === null || tool === null ? '' : (deps.catalog.tool(server, tool)?.fingerprint ?? '');
    const of = (...parts: readonly (string | null)[]) =>
      createHmac('sha256', key)
        .update(JSON.stringify(['approval', principalOf(caller), server, fingerprint, ...parts]))
        .digest();
    return { digest: of('call', asked), sessionDigest: of('session', method, target, conversation) };
  }

  async function expire(): Promise<void> {
    const over = await deps.transaction(async (own) => {
      const gone = await own.approvals.expire(clock.now(), expireAtOnce);
      for (const { id, organization } of gone) await audit(own, organization, 'system', 'approvals.expire', id);
      const told = gone.map(({ id, organization }) => ({ organization, area: 'approvals', id }) as const);
      if (told.length > 0) await announce(own.executor, changes.announcement(told.slice(0, 40)));
      return told;
    });
    await changes.publish(over);
  }

  /** Every modern call asks whether it did lately: that is read, not reckoned. */
  function happened(): void {
    lastAt = clock.now();
    lately = true;
  }

  function wake(id: ApprovalId): void {
    for (const resolve of waiting.get(id) ?? []) resolve();
  }

  /** What somebody does on the side of a call must not fail it. */
  async function quietly(what: string, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      log.warn({ cause: String(error) }, `${what} did not work out`);
    }
  }

  return {
    patience,
    get lately() {
      return lately;
    },
    async ask(call) {
      happened();
      return change(call.caller.organization, (own, changed) => stands(own, call, changed));
    },
    async decided(organization, id, signal) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const theirs = waiting.get(id) ?? new Set();
      theirs.add(resolve);
      waiting.set(id, theirs);
      const stop = (): void => {
        theirs.delete(resolve);
        if (theirs.size === 0) waiting.delete(id);
        resolve();
      };
      signal.addEventListener('abort', stop, { once: true });
      if (signal.aborted) stop();
      // It may have been decided between the question and the waiting.
      void quietly('looking after a held call', async () => {
        if ((await stores.approvals.byId(organization, id))?.state !== 'pending') resolve();
      });
      await promise;
      signal.removeEventListener('abort', stop);
      stop();
    },
    note: (organization, id, text) =>
      quietly('keeping what the asker of a held call says', () =>
        change(organization, async (own, changed) => {
          const asked = await own.approvals.locked(organization, id);
          if (asked?.state !== 'pending') return;
          await own.approvals.update(organization, id, { note: text });
          changed(id);
        }),
      ),
    withdraw: (organization, id) =>
      quietly('closing the request of a held call', () =>
        change(organization, async (own, changed) => {
          // The same call may wait for it elsewhere.
          if (waiting.has(id)) return;
          const asked = await own.approvals.locked(organization, id);
          const next = asked === null ? null : approvalLife[asked.state].withdraw;
          if (asked === null || next === null) return;
          await own.approvals.update(organization, id, { state: next, decidedAt: clock.now() });
          await audit(own, organization, asked.actedBy ?? asked.member, 'approvals.withdraw', asked);
          changed(id);
        }),
      ),
    changed(told) {
      for (const { area, id } of told) {
        if (area !== 'approvals') continue;
        happened();
        if (id === null) for (const each of [...waiting.keys()]) wake(each);
        else wake(id as ApprovalId);
      }
    },
    missed() {
      for (const id of [...waiting.keys()]) wake(id);
    },
    start() {
      timer = setInterval(() => {
        lately = clock.now() - lastAt < latelyFor;
        void quietly('letting requests for approval expire', expire);
      }, expireEvery);
      timer.unref();
    },
    stop: () => clearInterval(timer),
  };
}

/** Of a request, for the audit log: who asked for what, and which policies held it; never its arguments. */
export function detailOf({ member, server, serverName, method, target, policies, state }: Approval) {
  const held = policies.map(({ policy, version }) => ({ policy, version }));
  return { member, server: serverName ?? server, method, target, policies: held, state };
}
