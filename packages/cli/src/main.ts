// Hands the process to the command line.
import { createProcessIo } from './compose.ts';
import { runCli } from './run-cli.ts';

/** Sets the exit code and lets the process end by itself, so that everything written still arrives. */
export async function main(): Promise<void> {
  const argv = process.argv.slice(2);
  // The hub outlives whoever reads its first lines.
  if (argv[0] !== 'hub') endQuietlyWhenNobodyReads();
  process.exitCode = await runCli(argv, createProcessIo());
}

/** `mcpvault … | head` is not a failure. */
function endQuietlyWhenNobodyReads(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EPIPE') process.exit(0);
      throw error;
    });
  }
}
