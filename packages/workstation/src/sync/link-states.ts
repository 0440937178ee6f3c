// The life of a link, the relation between one client and one server, as a table. What is found in a client's file wins over
// what is remembered; what is only planned is lost by looking again, which is why looking again asks first.

export const linkStates = {
  unmanaged: 'the client uses the server directly',
  'pending-adopt': 'the entry will run the bridge with the next sync',
  managed: 'the entry runs the bridge',
  'pending-revert': 'the entry will be what it was with the next sync',
  changed: 'somebody else has changed the entry since it was adopted',
  gone: 'the entry is no longer in the file',
} as const;

export type LinkState = keyof typeof linkStates;

export const linkEvents = {
  'plan-adopt': 'the member wants the server managed',
  'plan-revert': 'the member wants the entry back as it was',
  discard: 'the member drops what is planned',
  push: 'what is planned has been written',
  'found-direct': 'the entry is as it was before it was adopted, or never was',
  'found-bridged': 'the entry is as it was written',
  'found-other': 'the entry is neither',
  'found-absent': 'there is no such entry',
} as const;

export type LinkEvent = keyof typeof linkEvents;

/** `refused`: it makes no sense there, and the caller says so. */
export type NextState = LinkState | 'refused';

const found = {
  'found-direct': 'unmanaged',
  'found-bridged': 'managed',
  'found-other': 'changed',
  'found-absent': 'gone',
} as const;

export const linkTable: Readonly<Record<LinkState, Readonly<Record<LinkEvent, NextState>>>> = {
  unmanaged: {
    'plan-adopt': 'pending-adopt',
    'plan-revert': 'refused',
    discard: 'refused',
    push: 'refused',
    ...found,
    // Nothing was ever written there that somebody could have changed.
    'found-other': 'unmanaged',
  },
  'pending-adopt': {
    'plan-adopt': 'pending-adopt',
    'plan-revert': 'unmanaged',
    discard: 'unmanaged',
    push: 'managed',
    ...found,
    'found-other': 'unmanaged',
  },
  managed: {
    'plan-adopt': 'managed',
    'plan-revert': 'pending-revert',
    discard: 'refused',
    push: 'refused',
    ...found,
  },
  'pending-revert': {
    'plan-adopt': 'managed',
    'plan-revert': 'pending-revert',
    discard: 'managed',
    push: 'unmanaged',
    ...found,
  },
  changed: {
    'plan-adopt': 'pending-adopt',
    'plan-revert': 'pending-revert',
    discard: 'refused',
    push: 'refused',
    ...found,
  },
  gone: {
    'plan-adopt': 'refused',
    'plan-revert': 'refused',
    discard: 'refused',
    push: 'refused',
    ...found,
  },
};

export function nextState(state: LinkState, event: LinkEvent): NextState {
  return linkTable[state][event];
}

export function isPending(state: LinkState): state is 'pending-adopt' | 'pending-revert' {
  return state === 'pending-adopt' || state === 'pending-revert';
}
