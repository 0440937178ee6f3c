import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { MessageValues } from '../expression/message-variables.ts';
import type { ServerId, TeamId } from '../ids.ts';
import type { Finding } from '../inspection/finding.ts';
import type { CompiledPolicies } from './compile.ts';
import type { MessageFacts } from './message-facts.ts';
import type { Policy, PolicyDirection } from './policy.ts';

/** What policies are asked. */
export interface Question {
  readonly compiled: CompiledPolicies;
  /** What `compiled.inspector` saw in the message, without what nobody may edit. */
  readonly findings: readonly Finding[];
  readonly message: Message;
  readonly direction: PolicyDirection;
  readonly values: MessageValues;
  readonly facts: MessageFacts;
  readonly server: ServerId | null;
  /** Whom percentages are counted by. */
  readonly caller: string | null;
  /** The teams of the caller, for policies that enforce for some teams only. */
  readonly teams: readonly TeamId[];
}

/** A policy whose condition held, and what its own detectors found. */
export interface Match {
  readonly policy: Policy;
  readonly findings: readonly Finding[];
}
