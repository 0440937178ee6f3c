// What it costs to know who asks and whether they may, message by message, in one process: run it with --expose-gc. The
// parts are the hub's own; only its database is left out. Prints one line of JSON.
import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Caller } from '@mcpvault/domain/identity/caller';
import { createPipeline } from '@mcpvault/domain/pipeline/run';
import { type MessageFacts, noSession } from '@mcpvault/domain/policy/message-facts';
import { stages } from '@mcpvault/domain/pipeline/stages';
import { createIdentityCache } from '@mcpvault/hub/auth/identity-cache';
import { createCatalog } from '@mcpvault/hub/catalog/catalog-snapshot';
import { makeWorld, type World } from './world.ts';

export interface Authorization {
  readonly members: number;
  readonly servers: number;
  readonly grants: number;
  /** Microseconds of processor time a message: of all members in turn, and of one alone. */
  readonly warm: { readonly everybody: number; readonly oneMember: number };
  /** Microseconds of the first message of a member, the database's answers apart. */
  readonly cold: { readonly median: number; readonly p99: number; readonly most: number };
  /** Microseconds until a grant that was taken back is gone from all that is held, the database's answer apart. */
  readonly change: { readonly median: number; readonly p99: number };
  /** Mebibytes: what was read, what callers that sent one message add, and what lists of everything add for all of them. */
  readonly memory: { readonly snapshot: number; readonly callers: number; readonly lists: number };
}

const size = { members: 10_000, servers: 1_000, grants: 50_000 };
const messages = 400_000;
const changes = 1_000;
const asked = new Set(['identify', 'locate', 'authorize']);

const message = parseMessage(
  Buffer.from('{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read","arguments":{"path":"a"}}}'),
  { maxDepth: 100, check: 'strict' },
);

/** What only conditions of policies would ask for. */
const nothingMore: MessageFacts = {
  now: 0,
  client: null,
  ip: null,
  workstation: null,
  tool: () => null,
  teams: () => [],
  session: noSession,
  quarantine: () => null,
  key: () => new Uint8Array(32),
  conversation: 'bench',
};

const world = makeWorld(size);
const bare = heap();
const hub = await openHub(world);
const withSnapshot = heap();
const cold = await measureCold(hub, world);
const withCallers = heap();
const warm = measureWarm(hub, world);
const withLists = listAll(hub, world);
const change = await measureChange(hub, world);
const memory = { snapshot: withSnapshot - bare, callers: withCallers - withSnapshot, lists: withLists - withCallers };
const measured: Authorization = { ...size, warm, cold, change, memory };

process.stdout.write(`${JSON.stringify(measured)}\n`);

async function openHub({ organization, snapshot, stores }: World) {
  const clock = { now: () => Date.now(), micros: () => Math.round(performance.now() * 1000) };
  const log = { debug() {}, info() {}, warn() {}, error() {} };
  const identities = createIdentityCache({ stores, clock });
  const catalog = createCatalog({
    read: async () => snapshot,
    readPart: async () => ({ grants: [], members: [] }),
    sealer: { open: (_organization, _block, _key, sealed) => sealed },
    clock,
    log,
    scorer: () => {
      throw new Error('nothing here looks for injections');
    },
    onEnded() {},
    onReplaced() {},
  });
  await catalog.load(organization);
  const pipeline = createPipeline(
    stages.filter(({ name }) => asked.has(name)),
    (stage, error) => {
      throw new Error(`${stage} threw`, { cause: error });
    },
  );
  return { identities, catalog, pipeline, clock };
}

type Hub = Awaited<ReturnType<typeof openHub>>;

/** One message: true when it may pass. */
function authorize({ catalog, pipeline, clock }: Hub, caller: Caller, server: string): boolean {
  const usable = catalog.byName(caller, server);
  const facts = {
    caller,
    owner: caller.member,
    server: usable?.server ?? null,
    reach: usable?.reach ?? null,
    circumstances: { now: clock.now(), address: '192.0.2.1', client: null },
    bareName: null,
    policies: null,
    message: nothingMore,
    underway: 0,
    maxUnderway: 1,
    exceeded: null,
    recording: true,
  };
  const exchange = { direction: 'call', message, answers: null, endpoint: server } as const;
  return pipeline.judge(exchange, facts).refusal === null;
}

/** The first message of every member: their identity is loaded, and what they may use looked at. Microseconds. */
async function measureCold(hub: Hub, { tokens, usable }: World) {
  const each: number[] = [];
  for (const [at, token] of tokens.entries()) {
    const began = process.hrtime.bigint();
    const caller = await hub.identities.identify(token);
    const passes = caller !== null && authorize(hub, caller, usable[at]?.[0] ?? '');
    each.push(Number(process.hrtime.bigint() - began) / 1000);
    if (!passes && (usable[at]?.length ?? 0) > 0) throw new Error('a member was refused what is granted');
  }
  each.sort((a, b) => a - b);
  return { median: rank(each, 0.5), p99: rank(each, 0.99), most: rank(each, 1) };
}

/** Messages of all members in turn, each to one of their servers. Microseconds of processor time a message. */
function measureWarm(hub: Hub, world: World) {
  const order = Array.from({ length: messages }, (_, at) => (at * 7919) % world.tokens.length);
  const run = (of: readonly number[]): number => {
    const began = process.cpuUsage();
    let passed = 0;
    for (const [turn, at] of of.entries()) {
      const caller = hub.identities.identify(world.tokens[at] ?? '');
      if (caller === null || caller instanceof Promise) throw new Error('an identity was not at hand');
      const servers = world.usable[at] ?? [];
      if (authorize(hub, caller, servers[turn % 3] ?? 'none')) passed++;
    }
    const { user, system } = process.cpuUsage(began);
    if (passed < of.length / 2) throw new Error('too many messages were refused');
    return (user + system) / of.length;
  };
  run(order);
  const rounds = Array.from({ length: 5 }, () => run(order)).toSorted((a, b) => a - b);
  const one = run(order.map(() => 1));
  return { everybody: rank(rounds, 0.5), oneMember: one };
}

async function measureChange({ catalog }: Hub, { organization, snapshot }: World) {
  const each: number[] = [];
  for (let at = 0; at < changes; at++) {
    const id = snapshot.grants[at * 31]?.id ?? null;
    const began = process.hrtime.bigint();
    await catalog.changed([{ organization, area: 'grants', id }]);
    each.push(Number(process.hrtime.bigint() - began) / 1000);
  }
  each.sort((a, b) => a - b);
  return { median: rank(each, 0.5), p99: rank(each, 0.99) };
}

/** What is held when everybody has also listed everything. */
function listAll({ identities, catalog }: Hub, { tokens }: World): number {
  for (const token of tokens) {
    const caller = identities.identify(token);
    if (caller !== null && !(caller instanceof Promise)) catalog.usable(caller);
  }
  return heap();
}

function rank(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

/** Mebibytes in use, without garbage. */
function heap(): number {
  globalThis.gc?.();
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return (heapUsed + external) / 1024 / 1024;
}
