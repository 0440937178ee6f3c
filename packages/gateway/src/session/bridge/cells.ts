// What becomes of each request where client and server are of different eras. The adapters go by this table, and
// docs/protocol.md is written from it. A method that does not stand in it is carried over.

export type Cell = 'legacyOverModern' | 'modernOverLegacy';

/** What an adapter does with a request, in words for docs/protocol.md. */
export const actions = {
  open: 'answered from the server’s answer to the other era’s greeting',
  'answer-here': 'answered here; the server never hears of it',
  'keep-level': 'kept for the session, and said with each request from then on',
  watch: 'added to the one subscription upstream; answered when the server has acknowledged it',
  unwatch: 'taken out of the one subscription upstream',
  drive:
    'carried over; the server’s questions become requests to the client, and the request is sent again with the answers',
  park: 'carried over; a question of the server ends the request with `input_required`, and the call waits for the client to come back',
  listen: 'a subscription here, fed from what the server says unasked',
  task: 'answered in the client’s dialect of tasks',
  carry: 'carried over in the other era’s words',
  refuse: 'refused with -32601, since the client’s era has no such method',
} as const;

export type Action = keyof typeof actions;

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
