import { isIdOf } from '../checked-id.ts';
import type { Message } from './message-text.ts';

/** Which messages are wanted; what is undefined does not matter. */
export interface MessageFilter {
  /** Name or id. */
  readonly server?: string | undefined;
  readonly tool?: string | undefined;
  readonly member?: `mem_${string}` | undefined;
  readonly outcome?: Message['outcome'] | undefined;
}

/** The judgement the hub makes for a list, for messages that come in live. */
export function matches(message: Message, { server, tool, member, outcome }: MessageFilter): boolean {
  if (server !== undefined && (isIdOf('srv', server) ? message.server?.id : message.server?.name) !== server)
    return false;
  if (tool !== undefined && (message.method !== 'tools/call' || message.target !== tool)) return false;
  if (member !== undefined && message.member.id !== member) return false;
  return outcome === undefined || message.outcome === outcome;
}
