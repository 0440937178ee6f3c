import type { ExitName } from './exit-codes.ts';

interface Details {
  /** What to do about it, as a sentence. */
  readonly fix?: string | null | undefined;
  /** Request id of the hub, for its logs. */
  readonly requestId?: string | null | undefined;
}

/** An expected ending of a command that is not success. `message` and `fix` are for people and hold no secrets. */
export class CommandFailure extends Error {
  readonly exit: ExitName;
  /** Stable, for machines: the hub's own code where it sent one. */
  readonly code: string;
  readonly fix: string | null;
  readonly requestId: string | null;

  constructor(exit: ExitName, code: string, message: string, details: Details = {}) {
    super(message);
    this.name = 'CommandFailure';
    this.exit = exit;
    this.code = code;
    this.fix = details.fix ?? null;
    this.requestId = details.requestId ?? null;
  }
}

export function usageFailure(message: string, fix?: string): CommandFailure {
  return new CommandFailure('usage', 'usage', message, { fix });
}
