// A server's transport while it is being written in a form, and what the hub is asked for in the end. Pure.
import { nameOf, serverNamePattern, shellWords } from '@mcpvault/contract/client-config';
import type { Input, Output } from '../../api/hub.ts';
import { type AuthDraft, authDraftOf, changedAuth, newAuth, noAuth } from './auth-draft.ts';
import { joinCommand } from './command-line.ts';
import { type Pair, recordOf, storedPairs, valuesOf } from './pairs.ts';

/** How servers are spoken to that are running already, in the order in which they are offered. */
export const remoteTypes = [
  { value: 'streamable-http', label: 'Streamable HTTP' },
  { value: 'sse', label: 'HTTP+SSE, of 2024' },
  { value: 'websocket', label: 'WebSocket' },
] as const;

export type RemoteType = (typeof remoteTypes)[number]['value'];

/** Which era of the protocol is spoken with a server. */
export const eras = [
  { value: 'auto', label: 'Find out' },
  { value: 'legacy', label: 'Until 2025-11-25' },
  { value: 'modern', label: 'From 2026-07-28' },
] as const;

export type Era = (typeof eras)[number]['value'];

export interface TransportDraft {
  readonly type: 'stdio' | RemoteType;
  /** The whole command line. */
  readonly command: string;
  readonly cwd: string;
  readonly env: readonly Pair[];
  readonly url: string;
  readonly headers: readonly Pair[];
  readonly era: Era;
  readonly auth: AuthDraft;
}

type NewTransport = Input<'createServer'>['transport'];
type ChangedTransport = NonNullable<Input<'updateServer'>['transport']>;
type StoredTransport = NonNullable<Output<'getServer'>['transport']>;

export const emptyTransport: TransportDraft = {
  type: 'stdio',
  command: '',
  cwd: '',
  env: [],
  url: '',
  headers: [],
  era: 'auto',
  auth: noAuth,
};

export function draftOf(stored: StoredTransport): TransportDraft {
  return stored.type === 'stdio'
    ? {
        ...emptyTransport,
        command: joinCommand([stored.command, ...stored.args]),
        cwd: stored.cwd ?? '',
        env: storedPairs(stored.env),
        era: stored.era ?? 'auto',
      }
    : {
        ...emptyTransport,
        type: stored.type,
        url: stored.url,
        headers: storedPairs(stored.headers),
        era: stored.era ?? 'auto',
        auth: authDraftOf(stored.auth),
      };
}

export function newTransport(draft: TransportDraft): NewTransport {
  if (draft.type !== 'stdio')
    return {
      type: draft.type,
      url: draft.url.trim(),
      headers: valuesOf(draft.headers),
      ...eraOf(draft),
      ...newAuth(draft.auth),
    };
  return { ...commandOf(draft), env: valuesOf(draft.env) };
}

export function changedTransport(draft: TransportDraft): ChangedTransport {
  if (draft.type !== 'stdio')
    return {
      type: draft.type,
      url: draft.url.trim(),
      headers: recordOf(draft.headers),
      ...eraOf(draft),
      ...changedAuth(draft.auth),
    };
  return { ...commandOf(draft), env: recordOf(draft.env) };
}

function commandOf(draft: TransportDraft) {
  const [program = '', ...args] = wordsOf(draft.command);
  const cwd = draft.cwd.trim();
  return { type: 'stdio' as const, command: program, args, ...(cwd === '' ? {} : { cwd }), ...eraOf(draft) };
}

/** To be found out unless it says otherwise. */
function eraOf({ era }: TransportDraft): { era?: Era } {
  return era === 'auto' ? {} : { era };
}

/** Empty while the line cannot be split. */
export function wordsOf(command: string): readonly string[] {
  const split = shellWords(command);
  return 'words' in split ? split.words : [];
}

/** A name for what is being written, as soon as it can be told. */
export function suggestedName(draft: TransportDraft): string {
  if (transportProblem(draft)) return '';
  if (draft.type !== 'stdio') return nameOf({ type: draft.type, url: draft.url.trim(), headers: {} });
  return nameOf({ ...commandOf(draft), env: {} });
}

/** What is wrong with it, at the field where it is wrong; null: nothing. */
export function transportProblem(
  draft: TransportDraft,
): { readonly field: 'command' | 'url'; readonly text: string } | null {
  if (draft.type !== 'stdio') return urlProblem(draft.type, draft.url.trim());
  const split = shellWords(draft.command);
  if ('refused' in split) return { field: 'command', text: `${split.refused} Servers are started without a shell.` };
  if (split.words.length === 0) return { field: 'command', text: 'Write the command that starts the server.' };
  return null;
}

function urlProblem(type: RemoteType, url: string): { readonly field: 'url'; readonly text: string } | null {
  const schemes = type === 'websocket' ? ['wss', 'ws'] : ['https', 'http'];
  const protocol = URL.canParse(url) ? new URL(url).protocol : '';
  if (schemes.some((scheme) => protocol === `${scheme}:`)) return null;
  return { field: 'url', text: `Write a whole URL, beginning with ${schemes[0]}:// or ${schemes[1]}://.` };
}

/** null: the name may be used. */
export function nameProblem(name: string, taken: readonly string[]): string | null {
  if (!serverNamePattern.test(name)) return 'Use lower-case letters, digits and hyphens, at most 63.';
  return taken.includes(name) ? 'A server of this name exists already.' : null;
}
