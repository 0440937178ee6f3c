// The options every command has, read once: flag before environment before default.
import { usageFailure } from './command-failure.ts';
import type { Io } from './io.ts';
import type { Format } from './output/output.ts';

export interface GlobalOptions {
  readonly hub?: string;
  readonly json?: boolean;
  readonly output?: string;
  readonly quiet?: boolean;
  readonly timeout?: string;
  /** False with --no-input. */
  readonly input?: boolean;
}

export interface Settings {
  /** As given by flag or environment; undefined leaves the choice to what is stored. */
  readonly hub: string | undefined;
  readonly format: Format;
  readonly quiet: boolean;
  /** Milliseconds a single answer may take; undefined leaves the choice to the command. */
  readonly timeoutMs: number | undefined;
  /** Whether questions may be asked. */
  readonly asks: boolean;
}

/** Environment variables of the command line itself, which the hub does not know. */
export const ownVariables = {
  MCPVAULT_HUB: 'The hub to talk to, like --hub.',
  MCPVAULT_TOKEN:
    'A personal token to use instead of the stored sign-in: enough to list servers and tools and to call tools.',
  MCPVAULT_OUTPUT: '`table` or `json`, like --output.',
  MCPVAULT_ENROLMENT_KEY: 'What lets this computer be enrolled without a person who signs in.',
  MCPVAULT_KEYCHAIN:
    '`off` keeps secrets of the workstation in files that only this account may read, instead of in the keychain.',
  MCPVAULT_JOBS:
    '`trusted` lets jobs of the hub write into clients’ files without the word of the person, where the hub says so too.',
  MCPVAULT_WHEN_UNRECORDED:
    'What a bridge does when nothing more can be written down: `lose` goes on and counts, which is usual; `refuse` refuses.',
} as const;

export function readSettings(options: GlobalOptions, io: Io): Settings {
  return {
    hub: options.hub ?? (io.env.MCPVAULT_HUB || undefined),
    format: readFormat(options, io),
    quiet: options.quiet === true,
    timeoutMs: readTimeout(options.timeout),
    asks: options.input !== false && io.stdin.isTTY === true && io.stderr.isTTY === true,
  };
}

function readFormat(options: GlobalOptions, io: Io): Format {
  if (options.json) return 'json';
  const format = options.output ?? (io.env.MCPVAULT_OUTPUT || 'table');
  if (format === 'table' || format === 'json') return format;
  throw usageFailure(`"${format}" is not a form of output.`, 'Choose table or json.');
}

/** Milliseconds; undefined when none was given. */
export function readTimeout(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (given.trim() === '' || !Number.isFinite(seconds) || seconds <= 0 || seconds > 86_400) {
    throw usageFailure(`"${given}" is not a number of seconds.`, 'Give one like --timeout 30, at most 86400.');
  }
  return seconds * 1000;
}
