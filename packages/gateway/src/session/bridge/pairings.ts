// The contract of each pairing of client and server, feature by feature, as docs/protocol.md tells it.
import { limits } from './limits.ts';

/** L is legacy (2024-11-05 to 2025-11-25), M modern (2026-07-28); the client's era comes first. */
export type Pairing = 'LL' | 'ML' | 'LM' | 'MM';

export interface Feature {
  readonly name: string;
  readonly says: Readonly<Record<Pairing, string>>;
}

const minutes = limits.comeBack / 60_000;
const same = 'as it is';

export const features: readonly Feature[] = [
  {
    name: 'Opening',
    says: {
      LL: 'Revisions are negotiated with the server. A client that asks for an older one than the server insists on is served in its own.',
      ML: '`server/discover` is answered from `initialize`. A session is kept for each principal, server and set of capabilities.',
      LM: '`initialize` is answered from `server/discover`; what it said is said again in the envelope of each request.',
      MM: same,
    },
  },
  {
    name: 'Version errors',
    says: {
      LL: 'The server’s own.',
      ML: '-32022 (400) with what MCPVault speaks.',
      LM: 'None: -32022 and -32020 of the server never reach the client. -32020 leads to one more try with the tools read anew.',
      MM: same,
    },
  },
  {
    name: 'Headers',
    says: {
      LL: 'Each hop has its own session id and `MCP-Protocol-Version`.',
      ML: '`Mcp-*` headers are compared with the body, then dropped.',
      LM: '`Mcp-Method`, `Mcp-Name` and `Mcp-Param-*` are made from the body. Tools whose `x-mcp-header` marks break the rules are left out of lists.',
      MM: 'Compared with the body, then made anew from it.',
    },
  },
  {
    name: 'Elicitation, sampling, roots',
    says: {
      LL: 'Requests on both hops, on the stream of the call.',
      ML: `\`input_required\` with a sealed \`requestState\`, good for one use, ${minutes} minutes, this principal and this very request. At most ${limits.rounds} rounds of ${limits.questions} questions.`,
      LM: `Requests to the client on the stream of its call; at most ${limits.rounds} rounds of ${limits.questions} questions.`,
      MM: same,
    },
  },
  {
    name: '… when the client cannot answer',
    says: {
      LL: 'The server gets an error for an answer.',
      ML: 'The server gets -32601 for an answer, at once.',
      LM: 'A tool call ends with a result that says why (`isError`), anything else with an error. Nothing waits.',
      MM: same,
    },
  },
  {
    name: 'Elicitation of pages (mode `url`)',
    says: {
      LL: 'As it is; refused readably for clients before 2025-11-25.',
      ML: 'Without `elicitationId`. -32042 becomes questions of this mode; once accepted, the request is sent again.',
      LM: 'With an `elicitationId` of ours for 2025-11-25; refused readably for older clients.',
      MM: same,
    },
  },
  {
    name: 'Changes of lists, updates of resources',
    says: {
      LL: 'On the stream of the session, or of the call that they came with.',
      ML: 'A subscription is acknowledged with what the server promises, and fed from its stream and `resources/subscribe`.',
      LM: 'One subscription upstream for the session; a new one is open before the old one ends. It is opened again when it ends.',
      MM: same,
    },
  },
  {
    name: 'Logging',
    says: {
      LL: 'As it is; of a process that several share only what belongs to one member.',
      ML: 'The level of a request is asked of the server; its messages reach requests that asked for that level, others are dropped.',
      LM: 'The level of the session is said with each request; messages come on the stream of the call.',
      MM: same,
    },
  },
  {
    name: 'Progress',
    says: { LL: same, ML: 'Under the client’s own token.', LM: 'Under the client’s own token.', MM: same },
  },
  {
    name: 'Cancellation',
    says: {
      LL: 'Notification for notification. A client that is cut off has not cancelled.',
      ML: 'Closing the request sends `notifications/cancelled`, unless the call waits for the client to come back.',
      LM: 'The notification ends the server’s stream, over stdio it is passed on.',
      MM: 'Closing the request closes the server’s.',
    },
  },
  {
    name: 'Resuming',
    says: {
      LL: 'Events are kept, numbered, and sent again from `Last-Event-ID` on.',
      ML: 'Nothing to the client. Broken streams of the server are taken up where it marked them.',
      LM: 'As between legacy peers: what came for a call is kept for the client.',
      MM: 'None: the request is sent again.',
    },
  },
  {
    name: 'Results',
    says: {
      LL: same,
      ML: '`resultType`, `ttlMs` 0, `cacheScope` private and the server’s name are added.',
      LM: '`resultType`, `ttlMs`, `cacheScope` and the reserved `_meta` are taken off.',
      MM: same,
    },
  },
  {
    name: 'Tasks',
    says: {
      LL: same,
      ML: 'The extension is offered where the server has tasks. State, result and questions come in one answer. A tool that must be a task is one also for clients without tasks, who wait for its result.',
      LM: 'Offered to clients of 2025-11-25 where the server has the extension. What the server answers at once becomes a task that is over already. `tasks/result` waits by asking.',
      MM: same,
    },
  },
  {
    name: 'Missing resource',
    says: { LL: '-32002', ML: '-32602 with `data.uri`', LM: '-32002', MM: '-32602 with `data.uri`' },
  },
  {
    name: 'Unknown method',
    says: { LL: '-32601 (200)', ML: '-32601 (404)', LM: '-32601 (200)', MM: '-32601 (404)' },
  },
  {
    name: 'Batches',
    says: {
      LL: `Of 2025-03-26 only: at most ${limits.batch} messages, sent on one by one, answered as one array or on one stream.`,
      ML: 'none',
      LM: 'As between legacy peers.',
      MM: 'none',
    },
  },
];

/** What clients of older revisions get of content that came later. */
export const downgrades: readonly (readonly [before: string, content: string, becomes: string])[] = [
  ['2025-03-26', 'sounds', 'a text that says so'],
  ['2025-06-18', 'links to resources', 'a text with name and address'],
  [
    '2025-06-18',
    '`structuredContent`, `outputSchema`',
    'dropped; the structure stands in a text where nothing else does',
  ],
  ['2025-06-18', 'elicitation', 'refused readably'],
  ['2025-11-25', 'elicitation of pages, choices of several', 'refused readably'],
  ['2025-11-25', 'titles of choices', '`enumNames`'],
  ['2025-11-25', 'several pieces of content in a sampling message', 'a message for each'],
  ['2026-07-28', '`structuredContent` that is no object, and its schema', 'wrapped in an object, under `value`'],
];
