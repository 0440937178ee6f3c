// What becomes of each request where client and server are of different eras. The adapters go by these tables, and
// docs/protocol.md is written from them. A method that stands in none of them is carried over.

export type Cell = 'legacyOverModern' | 'modernOverLegacy';

export type Action =
  /** Begins the conversation: the greeting of one era is answered from the server's answer to the other's. */
  | 'open'
  /** Is answered here; the server never hears of it. */
  | 'answer-here'
  /** The level is kept, and said with each request. */
  | 'keep-level'
  /** Changes what the one subscription upstream watches. */
  | 'watch'
  | 'unwatch'
  /** Carried over, round by round: the server's questions become requests to the client. */
  | 'drive'
  /** Carried over: a server's request becomes `input_required`, and the call waits for the client to come back. */
  | 'park'
  /** About a task, in the other era's dialect. */
  | 'task'
  /** A subscription, fed from what the server says unasked. */
  | 'listen'
  /** Carried over in the other era's words. */
  | 'carry'
  /** Cannot be: refused in words that say why. */
  | 'refuse';

export const cells: Readonly<Record<Cell, Readonly<Record<string, Action>>>> = {
  legacyOverModern: {
    initialize: 'open',
    ping: 'answer-here',
    'logging/setLevel': 'keep-level',
    'tools/list': 'carry',
    'tools/call': 'drive',
    'prompts/list': 'carry',
    'prompts/get': 'drive',
    'resources/list': 'carry',
    'resources/templates/list': 'carry',
    'resources/read': 'drive',
    'resources/subscribe': 'watch',
    'resources/unsubscribe': 'unwatch',
    'completion/complete': 'carry',
    'tasks/get': 'task',
    'tasks/result': 'task',
    'tasks/list': 'task',
    'tasks/cancel': 'task',
    'tasks/update': 'refuse',
    'server/discover': 'refuse',
    'subscriptions/listen': 'refuse',
  },
  modernOverLegacy: {
    'server/discover': 'open',
    'tools/list': 'carry',
    'tools/call': 'park',
    'prompts/list': 'carry',
    'prompts/get': 'park',
    'resources/list': 'carry',
    'resources/templates/list': 'carry',
    'resources/read': 'park',
    'completion/complete': 'carry',
    'subscriptions/listen': 'listen',
    'tasks/get': 'task',
    'tasks/update': 'task',
    'tasks/cancel': 'task',
    'tasks/list': 'refuse',
    'tasks/result': 'refuse',
    initialize: 'refuse',
    ping: 'refuse',
    'logging/setLevel': 'refuse',
    'resources/subscribe': 'refuse',
    'resources/unsubscribe': 'refuse',
  },
};

export function actionFor(cell: Cell, method: string): Action {
  const actions = cells[cell];
  return Object.hasOwn(actions, method) ? (actions[method] ?? 'carry') : 'carry';
}
