import { EchoCall, type Load } from './echo-call.ts';
import { type Endpoint, McpSession } from './mcp-session.ts';

/** A client that comes for one call: a connection and a session of its own, begun, used once and ended, over and over. */
export class ChurnCall implements Load {
  readonly #endpoint: Endpoint;
  readonly #number: number;
  readonly #bytes: number;

  constructor(endpoint: Endpoint, number: number, bytes: number) {
    this.#endpoint = endpoint;
    this.#number = number;
    this.#bytes = bytes;
  }

  run(done: (error: Error | null) => void): void {
    void this.#once(done);
  }

  async #once(done: (error: Error | null) => void): Promise<void> {
    const session = new McpSession(this.#endpoint);
    let failed: Error | null = null;
    try {
      await session.open();
      const call = new EchoCall(session, 'echo', this.#number, this.#bytes);
      failed = await new Promise<Error | null>((resolve) => call.run(resolve));
    } catch (error) {
      failed = error instanceof Error ? error : new Error(String(error));
    }
    await session.end();
    done(failed);
  }
}
