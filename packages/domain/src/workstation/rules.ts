import type { Bundle } from '@mcpvault/protocol/hub-link/policy-bundle';

/** Policies of a workstation’s own: `stricter` may only refuse, hold, redact and alert more than the hub’s do. */
export const localPolicySettings = [
  'allowed',
  'stricter',
  'forbidden',
] as const satisfies readonly Settings['localPolicies'][];
/** What is sent of messages: with their originals, without, or nothing. */
export const messageSettings = ['originals', 'outline', 'none'] as const satisfies readonly Settings['messages'][];
/** With policies that expired: go on with them, or refuse what is local until new ones come. */
export const whenExpiredSettings = ['keep', 'refuse'] as const satisfies readonly Settings['whenExpired'][];

type Settings = Bundle['settings'];
