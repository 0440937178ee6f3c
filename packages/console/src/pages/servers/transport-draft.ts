// A server's transport while it is being written in a form, and what the hub is asked for in the end. Pure.
import type { Input, Output } from '../../api/hub.ts';
import { joinCommand, splitCommand } from './command-line.ts';
import { type Pair, recordOf, storedPairs, valuesOf } from './pairs.ts';

export interface TransportDraft {
  readonly type: 'stdio' | 'streamable-http';
  /** The whole command line. */
  readonly command: string;
  readonly cwd: string;
  readonly env: readonly Pair[];
  readonly url: string;
  readonly headers: readonly Pair[];
}

type NewTransport = Input<'createServer'>['transport'];
type ChangedTransport = NonNullable<Input<'updateServer'>['transport']>;
type StoredTransport = NonNullable<Output<'getServer'>['transport']>;

export const emptyTransport: TransportDraft = { type: 'stdio', command: '', cwd: '', env: [], url: '', headers: [] };

export function draftOf(stored: StoredTransport): TransportDraft {
  return stored.type === 'stdio'
    ? {
        ...emptyTransport,
        command: joinCommand([stored.command, ...stored.args]),
        cwd: stored.cwd ?? '',
        env: storedPairs(stored.env),
      }
    : { ...emptyTransport, type: 'streamable-http', url: stored.url, headers: storedPairs(stored.headers) };
}

export function newTransport(draft: TransportDraft): NewTransport {
  if (draft.type === 'streamable-http')
    return { type: draft.type, url: draft.url.trim(), headers: valuesOf(draft.headers) };
  return { ...commandOf(draft), env: valuesOf(draft.env) };
}

export function changedTransport(draft: TransportDraft): ChangedTransport {
  if (draft.type === 'streamable-http')
    return { type: draft.type, url: draft.url.trim(), headers: recordOf(draft.headers) };
  return { ...commandOf(draft), env: recordOf(draft.env) };
}

function commandOf({ command, cwd }: TransportDraft) {
  const [program = '', ...args] = splitCommand(command) ?? [];
  return { type: 'stdio' as const, command: program, args, ...(cwd.trim() === '' ? {} : { cwd: cwd.trim() }) };
}

/** What is wrong with it, at the field where it is wrong; null: nothing. */
export function transportProblem(
  draft: TransportDraft,
): { readonly field: 'command' | 'url'; readonly text: string } | null {
  if (draft.type === 'streamable-http') {
    const url = draft.url.trim();
    if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
      return { field: 'url', text: 'Write a whole URL, beginning with https:// or http://.' };
    }
    return null;
  }
  const words = splitCommand(draft.command);
  if (words === null) return { field: 'command', text: 'A quote is not closed.' };
  if (words.length === 0) return { field: 'command', text: 'Write the command that starts the server.' };
  return null;
}
