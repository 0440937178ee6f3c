// `mcpvault hub`: reads the settings, starts the hub, says where it is, and stops it when asked.
import { Failure } from '@mcpvault/domain/failure';
import type { Log } from '@mcpvault/gateway/ports';
import { prepareDatabase, startHub } from './compose.ts';
import { ConfigError, readConfig } from './config.ts';
import { helpText } from './config-reference.ts';
import { createLog } from './log.ts';
import { settleMemoryHabits } from './memory-habits.ts';
import { giveBackAtRest } from './rest.ts';
import { startLines } from './start-lines.ts';

const wrongSettings = 2;
/** Instead of running: make or update the database, and end. */
const prepareFlag = '--prepare';

/** `argv` are the arguments after `hub`. Resolves with the exit code when the hub has stopped. */
export async function runHub(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  // The hub goes on when whoever read its lines is gone.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  if (argv.includes('--help') || argv.includes('-h')) {
    process.stdout.write(helpText());
    return 0;
  }
  try {
    await run(argv, env);
    return 0;
  } catch (error) {
    if (error instanceof ConfigError) {
      process.stderr.write(`${error.problems.join('\n')}\n`);
      return wrongSettings;
    }
    process.stderr.write(`${error instanceof Failure ? sentence(error) : unforeseen(error)}\n`);
    return 1;
  }
}

async function run(argv: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const prepare = argv.includes(prepareFlag);
  const config = readConfig(
    argv.filter((argument) => argument !== prepareFlag),
    env,
  );
  const log = createLog({
    level: config.logLevel,
    format: config.logFormat,
    write: (line) => process.stderr.write(line),
  });
  if (prepare) {
    await prepareDatabase(config, log);
    process.stdout.write('The database is ready.\n');
    return;
  }
  settleMemoryHabits();
  giveBackAtRest();
  outliveMistakes(log);
  const asked = whenAskedToStop();
  const starting = startHub(config, env, log);
  const hub = await starting;
  process.stdout.write(startLines(hub));
  const why = await asked;
  process.stdout.write(`Stopping (${why}); calls under way may finish.\n`);
  await hub.stop();
  process.stdout.write('Stopped.\n');
}

/**
 * A promise that nobody waited for is a bug, but one of the request or process that it belonged to: the others go on. After
 * an exception that nobody caught nothing can be relied on, and the hub ends as Node sees to it; what it ran, the reaper ends.
 */
function outliveMistakes(log: Log): void {
  process.on('unhandledRejection', (error) => log.error({ error }, 'a promise failed that nobody waited for: a bug'));
  process.on('uncaughtExceptionMonitor', (error) => log.error({ error }, 'an error that nobody caught ends the hub'));
}

/** Resolves with what asked: a signal, or the end of the program that started the hub. A second time quits at once. */
function whenAskedToStop(): Promise<string> {
  return new Promise((resolve) => {
    let asked = false;
    const ask = (why: string) => {
      if (asked) process.exit(130);
      asked = true;
      resolve(why);
    };
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ask(signal));
    process.once('disconnect', () => {
      if (!asked) ask('its starter is gone');
    });
    // The channel must not keep the hub alive once it has stopped.
    process.channel?.unref();
  });
}

function sentence({ message, details }: Failure): string {
  const fix = details?.['fix'];
  return typeof fix === 'string' ? `${message} ${fix}` : message;
}

function unforeseen(error: unknown): string {
  const stack = error instanceof Error ? error.stack : String(error);
  return `The hub did not start, for a reason it did not foresee. Please report this:\n${stack}`;
}
