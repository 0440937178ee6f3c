import { patienceMs } from '../actors/eventually.ts';
import type { Hub } from '../actors/start-hub.ts';

export interface MessageSide {
  readonly original: string | null;
  readonly delivered: string;
  readonly edits: readonly {
    readonly start: number;
    readonly end: number;
    readonly replacement: string;
    readonly policy: { readonly name: string } | null;
  }[];
}

export interface MessageLine {
  readonly id: string;
  readonly method: string;
  readonly target: string | null;
  readonly outcome: string;
  readonly code: string | null;
  readonly redactions: number;
  readonly member: { readonly email: string };
}

export interface MessageDetail extends MessageLine {
  readonly request: MessageSide | null;
  readonly response: MessageSide | null;
}

/** The newest recorded message that the query finds and that fits; the record follows the answer within moments. */
export async function recorded(
  hub: Hub,
  query: string,
  fits: (message: MessageDetail) => boolean,
  token?: string,
): Promise<MessageDetail> {
  for (const began = performance.now(); performance.now() - began < patienceMs; ) {
    const { items } = await hub.api<{ items: MessageLine[] }>('GET', `/api/v1/messages${query}`, undefined, token);
    for (const { id } of items) {
      const message = await hub.api<MessageDetail>('GET', `/api/v1/messages/${id}`, undefined, token);
      if (fits(message)) return message;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`no recorded message fits ${query}`);
}
