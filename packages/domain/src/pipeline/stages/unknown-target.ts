import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import { type Outcome, refuse } from '../outcome.ts';

/** The one answer for what does not exist and for what the caller may not see. */
export function unknownTarget(message: Message): Outcome {
  const name = (message.target ?? '').slice(0, 200);
  switch (message.method) {
    case 'tools/call':
      return refuse('invalid_params', `Unknown tool: ${name}`);
    case 'prompts/get':
      return refuse('invalid_params', `Unknown prompt: ${name}`);
    default:
      return refuse('invalid_params', `Not found: ${name}`);
  }
}
