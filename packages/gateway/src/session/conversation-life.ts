// The life of a conversation, as SPEC.md tells it. What is not in the table for a phase is refused in words that say why.
import { Failure } from '@mcpvault/domain/failure';

export type Phase =
  /** Made, and nothing was said yet. */
  | 'new'
  /** `initialize` is under way. */
  | 'opening'
  | 'open'
  | 'ended';

export type Happening =
  | 'initialize'
  /** `initialize` was answered with a result. */
  | 'opened'
  | 'request'
  | 'notification'
  /** The client answers a question. */
  | 'answer'
  /** The client wants to hear what comes unasked, or takes up a stream that broke. */
  | 'listen'
  /** In whatever way: deleted, idle, refused, lost with its server, or the hub stops. */
  | 'end';

/** null: refused. */
export const conversationLife: Readonly<Record<Phase, Readonly<Record<Happening, Phase | null>>>> = {
  new: {
    initialize: 'opening',
    opened: null,
    request: null,
    notification: null,
    answer: null,
    listen: null,
    end: 'ended',
  },
  opening: {
    initialize: null,
    opened: 'open',
    request: null,
    notification: 'opening',
    answer: 'opening',
    listen: 'opening',
    end: 'ended',
  },
  open: {
    initialize: null,
    opened: null,
    request: 'open',
    notification: 'open',
    answer: 'open',
    listen: 'open',
    end: 'ended',
  },
  ended: {
    initialize: null,
    opened: null,
    request: null,
    notification: null,
    answer: null,
    listen: null,
    end: null,
  },
};

/** A modern message carries all in itself, so that its conversation is open from the beginning. */
export const firstPhase = { legacy: 'new', modern: 'open' } as const;

/** Why something cannot happen in a phase. */
export function refusedIn(phase: Phase): Failure {
  switch (phase) {
    case 'new':
      return new Failure('invalid_request', 'begin with initialize');
    case 'opening':
      return new Failure('invalid_request', 'initialize is not answered yet; wait for its answer');
    case 'open':
      return new Failure('invalid_request', 'the session is open already; begin another one for another greeting');
    case 'ended':
      return new Failure('session_not_found', 'the session has ended; begin a new one with initialize');
  }
}
