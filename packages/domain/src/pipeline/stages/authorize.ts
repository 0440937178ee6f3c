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

/** A grant that names tools gives those tools and nothing else of the server. */
const call: Judge = (exchange, facts) => {
  const { method, kind, target } = exchange.message;
  if (facts.tools === null || kind !== 'request' || method === null || common.has(method)) return null;
  // Tasks are what calls of tools became; their ids cannot be guessed, so they are not to be listed either.
  if (method.startsWith('tasks/') && method !== 'tasks/list') return null;
  const tool = method === 'tools/call' ? (facts.bareName ?? target) : null;
  return tool !== null && facts.tools.has(tool) ? null : unknownTarget(exchange.message);
};

export const authorize: Stage = {
  name: 'authorize',
  decides: 'whether grants let this caller use it',
  layers: ['hub', 'workstation'],
  call,
};
