import { parseArgs } from 'node:util';
import { usageFailure } from '../command-failure.ts';
import { readTimeout } from '../settings.ts';

/** What `mcpvault bridge` was told. */
export interface BridgeOptions {
  /** A server's name, or the URL of an endpoint or hub. */
  readonly target: string | undefined;
  readonly hub: string | undefined;
  readonly tokenFile: string | undefined;
  readonly quiet: boolean;
  /** Milliseconds; undefined leaves the choice to the bridge. */
  readonly timeoutMs: number | undefined;
}

/** Reads what follows `mcpvault bridge` without the whole command line's reader, which takes longer to load than this runs. */
export function readBridgeOptions(argv: readonly string[]): BridgeOptions {
  const { values, positionals } = parsed(argv);
  if (positionals.length > 1) throw usageFailure('The bridge takes one server or URL.', 'Run one bridge for each.');
  return {
    target: positionals[0],
    hub: values.hub,
    tokenFile: values['token-file'],
    quiet: values.quiet === true,
    timeoutMs: readTimeout(values.timeout),
  };
}

function parsed(argv: readonly string[]) {
  try {
    return parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        hub: { type: 'string' },
        'token-file': { type: 'string' },
        timeout: { type: 'string' },
        quiet: { type: 'boolean', short: 'q' },
        // Of every command, and without meaning here.
        json: { type: 'boolean' },
        output: { type: 'string', short: 'o' },
        'no-input': { type: 'boolean' },
      },
    });
  } catch (error) {
    const said = error instanceof Error ? (error.message.split('. ')[0] ?? '') : '';
    throw usageFailure(`${said}.`, 'See: mcpvault bridge --help');
  }
}
