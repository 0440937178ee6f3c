import type { Load } from './echo-call.ts';
import type { McpSession } from './mcp-session.ts';

/** Asks for the tools over and over, and demands that the last of them is in the answer. */
export function listCall(session: McpSession, last: string): Load {
  const request = session.request('POST', '{"jsonrpc":"2.0","id":1000,"method":"tools/list","params":{}}');
  const expected = Buffer.from(`"${last}"`);
  return {
    run(done) {
      session.connection.exchange(request, (error, answer) => {
        if (error !== null) done(error);
        else if (answer?.status === 200 && answer.body.includes(expected)) done(null);
        else done(new Error(`HTTP ${answer?.status}, not the whole list: ${answer?.body.toString('utf8', 0, 200)}`));
      });
    },
  };
}
