// Backtests: a draft run over recorded messages, in the background, a few at a time. It reads the record and nothing else:
// no server hears of it, and what it finds names messages and never repeats them.
import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import type { Clock } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import type { Id, MessageId, OrganizationId, PolicyId } from '@mcpvault/domain/ids';
import { compilePolicies } from '@mcpvault/domain/policy/compile';
import type { Policy } from '@mcpvault/domain/policy/policy';
import { readRuleTrace } from '@mcpvault/domain/policy/rule-trace';
import type { Trial } from '@mcpvault/domain/policy/try-message';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { ReplayRange, ReplayView } from '@mcpvault/store/replay-view';
import { loadInjection } from '../inspection/load-injection.ts';
import { rfc3339 } from '../operations/times.ts';
import {
  type Conversations,
  type Judged,
  judgeRecorded,
  type Surroundings,
} from '@mcpvault/domain/policy/judge-recorded';

export type BacktestId = Id<'bkt'>;
export type Backtest = OutputOf<Operations['getBacktest']>;

export interface BacktestWish {
  readonly id: BacktestId;
  readonly organization: OrganizationId;
  readonly policy: Policy;
  readonly replaces: PolicyId | null;
  readonly range: ReplayRange;
  readonly most: number;
}

export interface Backtests {
  /** Throws `busy` when as many run as may. */
  start(wish: BacktestWish, surroundings: Surroundings): Backtest;
  find(organization: OrganizationId, id: BacktestId): Backtest | null;
  cancel(organization: OrganizationId, id: BacktestId): boolean;
}

export interface BacktestDeps {
  readonly replay: ReplayView;
  readonly sealer: Pick<Sealer, 'open'>;
  readonly clock: Clock;
}

const atOnce = 2;
const kept = 50;
const pageSize = 1_000;
const mostExamples = 50;
const mostNames = 50;
/** Messages judged before whatever else the hub does gets its turn. */
const stretch = 20;

interface Run {
  readonly organization: OrganizationId;
  readonly began: number;
  readonly result: { -readonly [Key in keyof Backtest]: Backtest[Key] };
  readonly members: Map<string, { readonly email: string; messages: number }>;
  readonly tools: Map<string, { readonly server: string; readonly tool: string; messages: number }>;
}

export function createBacktests({ replay, sealer, clock }: BacktestDeps): Backtests {
  const runs = new Map<BacktestId, Run>();

  async function runAll(run: Run, wish: BacktestWish, surroundings: Surroundings): Promise<void> {
    const { result } = run;
    const { organization, range, most } = wish;
    const set = compilePolicies(
      [{ ...wish.policy, mode: 'enforce', percentage: 100, pilot: null }],
      'hub',
      loadInjection,
    );
    const conversations: Conversations = new Map();
    let opened = new Map<string, Buffer>();
    let after: { readonly at: number; readonly id: MessageId } | null = null;
    result.total = Math.min(most, await replay.count(organization, range));
    while (result.judged < most && result.state === 'running') {
      const limit = Math.min(pageSize, most - result.judged);
      const page = await replay.page(organization, range, after, limit, new Set(opened.keys()));
      const last = page.messages.at(-1)?.record;
      if (last === undefined) return;
      after = { at: last.at, id: last.id };
      const still = new Set(page.messages.map(({ block }) => block));
      opened = new Map([...opened].filter(([block]) => still.has(block)));
      for (const [id, { key, sealed }] of page.blocks) opened.set(id, sealer.open(organization, id, key, sealed));
      for (const [index, { record, block }] of page.messages.entries()) {
        if (index % stretch === 0) await new Promise(setImmediate);
        if (result.state !== 'running') return;
        judgeOne(run, wish, record, opened.get(block) ?? null, (request, response) =>
          judgeRecorded(set, record, request, response, surroundings, conversations),
        );
      }
      result.milliseconds = clock.now() - run.began;
    }
  }

  return {
    start(wish, surroundings) {
      if ([...runs.values()].filter(({ result }) => result.state === 'running').length >= atOnce)
        throw new Failure('busy', 'As many backtests run as may; wait until one is done, or end it.');
      const run: Run = {
        organization: wish.organization,
        began: clock.now(),
        result: nothingYet(wish.id),
        members: new Map(),
        tools: new Map(),
      };
      for (const id of [...runs.keys()].slice(0, Math.max(0, runs.size - kept))) runs.delete(id);
      runs.set(wish.id, run);
      runAll(run, wish, surroundings).then(
        () => end(run, 'done', null, clock.now()),
        (error: unknown) =>
          end(run, 'failed', error instanceof Failure ? error.message : 'It failed unforeseen.', clock.now()),
      );
      return shown(run);
    },
    find(organization, id) {
      const run = runs.get(id);
      return run === undefined || run.organization !== organization ? null : shown(run);
    },
    cancel(organization, id) {
      const run = runs.get(id);
      if (run === undefined || run.organization !== organization) return false;
      if (run.result.state === 'running') end(run, 'cancelled', null, clock.now());
      return true;
    },
  };
}

function end({ result, began }: Run, state: Backtest['state'], reason: string | null, now: number): void {
  if (result.state !== 'running') return;
  result.state = state;
  result.reason = reason;
  result.milliseconds = now - began;
}

function judgeOne(
  run: Run,
  wish: BacktestWish,
  record: MessageRecord,
  plain: Buffer | null,
  judge: (request: Buffer | null, response: Buffer | null) => Judged,
): void {
  const { result } = run;
  result.judged++;
  const part = (place: MessageRecord['request']) =>
    plain === null || place === null ? null : plain.subarray(place.offset, place.offset + place.length);
  let judged: Judged;
  try {
    if (plain === null) throw new Error('the originals are gone');
    judged = judge(part(record.request), part(record.response));
  } catch {
    result.unreadable++;
    return;
  }
  for (const side of ['call', 'result'] as const) tally(run, wish, record, side, judged[side]);
}

function tally(
  run: Run,
  { replaces }: BacktestWish,
  record: MessageRecord,
  side: 'call' | 'result',
  trial: Trial | null,
) {
  const { result } = run;
  const matches = trial?.decision?.trace.rules.some((rule) => isMatch(rule)) ?? false;
  const matchedThen = replaces !== null && matched(record, side, replaces);
  const stops = trial !== null && matches && trial.outcome !== 'allowed';
  const stoppedThen =
    record.outcome === 'refused' ||
    (side === 'call' ? record.requestEdits : record.responseEdits).some(({ policy }) => policy !== null);
  const change = matchedThen && !matches ? 'no_longer' : stops && !stoppedThen ? 'newly' : 'same';
  if (change === 'newly') result.newly++;
  if (change === 'no_longer') result.noLonger++;
  if (trial !== null && matches) {
    result.would[trial.outcome]++;
    result.would.alerted += trial.decision?.trace.alerts?.length ?? 0;
    countNames(run, record);
  }
  if ((matches || change === 'no_longer') && result.examples.length < mostExamples)
    result.examples.push({
      message: record.id,
      at: rfc3339(record.at),
      member: record.member,
      tool: record.target,
      side,
      outcome: trial?.outcome ?? 'allowed',
      change,
      edits: (trial?.decision?.edits ?? [])
        .slice(0, 20)
        .map(({ start, end: to, replacement }) => ({ start, end: to, replacement })),
    });
}

function countNames(run: Run, record: MessageRecord): void {
  const member = run.members.get(record.member) ?? { email: '', messages: 0 };
  member.messages++;
  run.members.set(record.member, member);
  const key = `${record.serverName ?? ''} ${record.target ?? ''}`;
  const tool = run.tools.get(key) ?? {
    server: record.serverName ?? '',
    tool: record.target ?? record.method,
    messages: 0,
  };
  tool.messages++;
  if (run.tools.size < 10_000 || run.tools.has(key)) run.tools.set(key, tool);
}

function matched({ judged }: MessageRecord, side: 'call' | 'result', policy: PolicyId): boolean {
  return judged?.[side]?.rules.some((rule) => rule.startsWith(`${policy}@`) && isMatch(rule)) ?? false;
}

function isMatch(rule: string): boolean {
  const trace = readRuleTrace(rule);
  return trace !== null && (trace.said === 'matched' || (trace.said === 'failed' && trace.actions.length > 0));
}

function nothingYet(id: BacktestId): Run['result'] {
  return {
    id,
    state: 'running',
    reason: null,
    total: 0,
    judged: 0,
    unreadable: 0,
    milliseconds: 0,
    would: { refused: 0, held: 0, edited: 0, alerted: 0, allowed: 0 },
    newly: 0,
    noLonger: 0,
    members: [],
    tools: [],
    examples: [],
  };
}

function shown({ result, members, tools }: Run): Backtest {
  const most = <Item extends { messages: number }>(items: Item[]) =>
    items.toSorted((a, b) => b.messages - a.messages).slice(0, mostNames);
  return {
    ...structuredClone(result),
    members: most(
      [...members].map(([member, { email, messages }]) => ({ member: member as `mem_${string}`, email, messages })),
    ),
    tools: most([...tools.values()]),
  };
}
