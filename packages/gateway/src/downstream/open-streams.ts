// Streams that stay open long after the request that asked for them was let in: whoever may no longer ask is told nothing
// more either.
import { type Caller, principalOf } from '@mcpvault/domain/identity/caller';
import type { IdentityPort } from '../ports.ts';
import type { Conversation } from '../session/conversation.ts';
import type { Reply } from './reply.ts';

export interface OpenStream {
  /** What the request that opened it came with. */
  readonly credential: string;
  readonly reply: Pick<Reply, 'gone' | 'cut' | 'onClosed'>;
  readonly conversation: Pick<Conversation, 'owner' | 'caller'>;
}

export interface OpenStreams {
  /** Until its connection closes. */
  add(stream: OpenStream): void;
  /** Asks of each whose credential it is now; cuts those of nobody. */
  recheck(): void;
}

export function createOpenStreams(identity: IdentityPort): OpenStreams {
  const streams = new Set<OpenStream>();

  function settle({ conversation, reply }: OpenStream, caller: Caller | null): void {
    if (caller !== null && principalOf(caller) === conversation.owner) conversation.caller = caller;
    else reply.cut();
  }

  function check(stream: OpenStream): void {
    try {
      const caller = identity.identify(stream.credential);
      if (!(caller instanceof Promise)) return settle(stream, caller);
      caller.then(
        (found) => settle(stream, found),
        () => stream.reply.cut(),
      );
    } catch {
      stream.reply.cut();
    }
  }

  return {
    add(stream) {
      if (stream.reply.gone) return;
      streams.add(stream);
      stream.reply.onClosed(() => streams.delete(stream));
    },
    recheck() {
      for (const stream of streams) check(stream);
    },
  };
}
