import { memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';
import type { ItemKind } from '../../identity/access.ts';
import type { Attempt } from '../../identity/condition.ts';
import type { Exchange, Facts } from '../exchange.ts';
import { refuse } from '../outcome.ts';
import type { Judge, Stage } from '../stage.ts';
import { unknownTarget } from './unknown-target.ts';

/** What serves every caller of a server alike, or is cut to the caller's measure on its way back. */
const common: ReadonlySet<string> = new Set([
  'initialize',
  'server/discover',
  'ping',
  'logging/setLevel',
  'subscriptions/listen',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
]);

/** A grant that names something gives that and nothing else of the server; a deny takes, whatever a grant gives. */
const call: Judge = (exchange, facts) => {
  const { method, kind } = exchange.message;
  if (facts.reach === null || facts.reach.isWhole || kind !== 'request' || method === null) return null;
  const attempt = attemptOf(exchange, facts);
  if (attempt === null) return unknownTarget(exchange.message);
  if (common.has(method)) {
    const open = facts.reach.opens(attempt);
    return open.allowed ? null : refuse('forbidden', open.because);
  }
  // Tasks are what calls of tools became; their ids cannot be guessed, so they are not to be listed either.
  if (method.startsWith('tasks/') && method !== 'tasks/list') return null;
  const decision = facts.reach.decide(attempt);
  if (decision.allowed) return null;
  return decision.isUnknown ? unknownTarget(exchange.message) : refuse('forbidden', decision.because);
};

/** What the message asks for, as conditions see it; null when nobody asks. */
export function attemptOf({ message }: Exchange, facts: Facts): Attempt | null {
  const { caller, server, bareName, circumstances } = facts;
  if (caller === null || server === null) return null;
  const item = itemOf(message);
  return {
    ...circumstances,
    caller,
    server,
    kind: item?.kind ?? null,
    name: item === null ? '' : item.isTarget ? (bareName ?? item.name) : item.name,
    tool: (tool) => facts.message.tool(tool),
    teamNames: () => facts.message.teams(),
    arguments: () => argumentsOf(message),
  };
}

interface Item {
  readonly kind: ItemKind;
  readonly name: string;
  /** False where it is what a completion is about. */
  readonly isTarget: boolean;
}

function itemOf(message: Message): Item | null {
  const { method, target } = message;
  switch (method) {
    case 'tools/call':
      return { kind: 'tool', name: target ?? '', isTarget: true };
    case 'prompts/get':
      return { kind: 'prompt', name: target ?? '', isTarget: true };
    case 'resources/read':
    case 'resources/subscribe':
    case 'resources/unsubscribe':
      return { kind: 'resource', name: target ?? '', isTarget: true };
    case 'completion/complete':
      return referenced(message);
    default:
      return null;
  }
}

function referenced(message: Message): Item | null {
  const ref = message.params === null ? null : memberAt(message.text, message.params, 'ref');
  if (ref === null) return null;
  for (const [member, kind] of [
    ['name', 'prompt'],
    ['uri', 'resource'],
  ] as const) {
    const span = memberAt(message.text, ref, member);
    const name = span === null ? null : message.scalarAt(span);
    if (typeof name === 'string') return { kind, name, isTarget: false };
  }
  return null;
}

function argumentsOf(message: Message): unknown {
  const span = message.marks.arguments;
  return span === null ? {} : message.valueAt(span);
}

export const authorize: Stage = {
  name: 'authorize',
  decides: 'whether grants let this caller use it, and no deny takes it',
  layers: ['hub', 'workstation'],
  call,
};
