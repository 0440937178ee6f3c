import { MalformedMessage, memberAt, type Message } from '@mcpvault/protocol/jsonrpc/message';

/** The revision that an answer to `initialize` settled on; null when it names none that could stand in a header. */
export function protocolOf(answer: Message): string | null {
  try {
    const span = answer.result === null ? null : memberAt(answer.text, answer.result, 'protocolVersion');
    const version = span === null ? null : answer.valueAt(span);
    return typeof version === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(version) ? version : null;
  } catch (error) {
    if (error instanceof MalformedMessage) return null;
    throw error;
  }
}
