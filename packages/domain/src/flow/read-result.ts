import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Effect } from '../policy/effect.ts';
import { seen } from '../policy/text-in-place-of.ts';
import { apply } from '../redaction/apply.ts';
import type { Edit } from '../redaction/edit.ts';
import type { FlowMemory } from './flow-memory.ts';
import { untrusted } from './flow-facts.ts';
import { flowTexts } from './flow-texts.ts';

export interface ReadResult {
  readonly message: Message;
  readonly edits: readonly Edit[];
  readonly effects: readonly Effect[];
  /** The server's name. */
  readonly server: string;
  /** Whether its tool reaches the outside, or does not say. */
  readonly isOpen: boolean;
}

/** A policy says with it that nobody else writes what this result says. */
const trusted = 'trusted';
/** Tokens and digests that stand for what was taken out; they carry its labels. */
const standIn = /[0-9a-f]{24}/;

/** Has a memory read a result: what policies labelled first, then all that it says, and what of it was delivered. */
export function readResult(memory: FlowMemory, { message, edits, effects, server, isOpen }: ReadResult): void {
  const span = message.result ?? message.error ?? message.params;
  if (span === null) return;
  const said = effects.flatMap((effect) => (effect.kind === 'label-values' ? [effect] : []));
  const ofAll = said.flatMap(({ labels, found }) => (found === null ? labels : []));
  const isUntrusted = isOpen && !ofAll.includes(trusted);
  const labelled = (labels: readonly string[]) => ({
    server,
    labels: [...new Set([...ofAll, ...labels, ...(isUntrusted ? [untrusted] : [])])].toSorted(),
  });
  for (const { labels, found } of said) {
    if (found === null) continue;
    const texts = found.map(({ start, end }) => seen(message.raw, start, end));
    const standIns = edits.filter(
      (edit) => standIn.test(edit.replacement) && found.some(({ start, end }) => edit.start < end && start < edit.end),
    );
    memory.read([...texts, ...standIns.map(({ replacement }) => replacement)], labelled(labels));
  }
  memory.read(flowTexts(message.valueAt(span)), labelled([]));
  if (edits.length > 0) memory.read(flowTexts(JSON.parse(apply(message.raw, edits).toString('utf8'))), labelled([]));
}
