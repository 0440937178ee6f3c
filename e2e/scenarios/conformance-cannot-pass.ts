// The scored scenarios that cannot pass where client and server are of different eras, with the checks that fail and why. A
// test fails when one of them passes, or when another check fails.
import type { Requirements } from '../actors/conformance-scenarios.ts';

export interface CannotPass {
  /** Ids of checks. */
  readonly checks: readonly string[];
  readonly why: string;
}

/** By the set that is run; the server speaks the other era only. */
export const cannotPass: Readonly<Record<Requirements, Readonly<Record<string, CannotPass>>>> = {
  '2025-11-25': {},
  '2026-07-28': {
    'server-stateless': {
      checks: ['sep-2575-server-rejects-undeclared-capability', 'sep-2575-missing-capability-http-400'],
      why:
        'A legacy server that misses a capability of its client says so in the result of the tool, in words of its own. ' +
        'Nothing in them tells that from any other failure of the tool, so that -32021 cannot be made of it.',
    },
    'input-required-result-basic-elicitation': {
      checks: ['sep-2322-elicitation-incomplete'],
      why:
        'The scenario asks for the key "user_name". Questions of a legacy server are requests and have no keys; the bridge ' +
        'gives them keys of its own.',
    },
  },
};
