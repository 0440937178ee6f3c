// The life of a modern client's call at a legacy server, as SPEC.md tells it.

export type CallState =
  /** A request of the client waits for the answer. */
  | 'under-way'
  /** The client was asked something and has to come back. */
  | 'parked'
  /** The server has answered meanwhile. */
  | 'settled'
  | 'over';

export type CallEvent =
  /** The server asks the client something. */
  | 'asked'
  /** The questions are put to the client. */
  | 'put'
  /** The server answers. */
  | 'answered'
  /** The client comes back with its state. */
  | 'came-back'
  /** The client has its last word. */
  | 'delivered'
  /** The client closes its request. */
  | 'given-up'
  /** Nobody came back in time. */
  | 'expired';

/** null: cannot be, or changes nothing. */
export const callLife: Readonly<Record<CallState, Readonly<Record<CallEvent, CallState | null>>>> = {
  'under-way': {
    asked: 'under-way',
    put: 'parked',
    answered: 'under-way',
    'came-back': null,
    delivered: 'over',
    'given-up': 'over',
    expired: null,
  },
  parked: {
    asked: 'parked',
    put: null,
    answered: 'settled',
    'came-back': 'under-way',
    delivered: null,
    'given-up': null,
    expired: 'over',
  },
  settled: {
    asked: 'settled',
    put: null,
    answered: null,
    'came-back': 'under-way',
    delivered: null,
    'given-up': null,
    expired: 'over',
  },
  over: {
    asked: null,
    put: null,
    answered: null,
    'came-back': null,
    delivered: null,
    'given-up': null,
    expired: null,
  },
};
