// The quick way into `mcpvault bridge`: AI clients start it again and again and wait for it, so that nothing is loaded here
// but what it needs.
import { createProcessIo } from '../compose.ts';
import { readBridgeOptions } from './bridge-options.ts';
import { reportFailure, runBridge } from './run-bridge.ts';

/** `argv` is what follows `bridge`. */
export async function main(argv: readonly string[]): Promise<void> {
  const io = createProcessIo();
  // Made now, so that a signal ends it in order.
  void io.interrupted;
  process.stderr.on('error', () => undefined);
  try {
    process.exitCode = await runBridge(readBridgeOptions(argv), io);
  } catch (error) {
    process.exitCode = reportFailure(error, io);
  }
}
