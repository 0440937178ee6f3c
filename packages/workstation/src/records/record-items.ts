// What lies in a block of a journal, as the hub is told it. The same block always becomes the same items, so that saying it
// again says nothing new.
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { decodeRecord } from '@mcpvault/domain/record/record-line';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { PolicyAlert } from '@mcpvault/domain/policy/effect';
import type { JournalBlock } from '@mcpvault/gateway/recording/frame';
import type { Asks } from '@mcpvault/protocol/hub-link/link';
import { type RecordedMessage, recordItem } from '@mcpvault/protocol/hub-link/record-batch';

export type RecordItem = Asks<'records'>['items'][number]['item'];
/** `none` is not here: then nothing is told at all. */
export type WhatIsTold = 'originals' | 'outline';

/** An original larger than this does not fit into what a hub takes at once. Bytes. */
const largestOriginal = 10 * 1024 * 1024;
const mostPlaces = 10_000;

/** A record with its originals, in clear. */
export interface OpenedRecord {
  readonly record: MessageRecord;
  readonly request: Buffer | null;
  readonly response: Buffer | null;
}

/** Of one block. Throws a `Failure` when it cannot be opened. */
export function openBlock({ block }: JournalBlock, sealer: Pick<Sealer, 'open'>): readonly OpenedRecord[] {
  const plaintext = sealer.open(block.organization, block.id, block.key, block.sealed);
  const lines = block.records
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => {
    const { record } = decodeRecord(line);
    const cut = (place: MessageRecord['request']): Buffer | null =>
      place === null ? null : plaintext.subarray(place.offset, place.offset + place.length);
    return { record, request: cut(record.request), response: cut(record.response) };
  });
}

export interface Telling {
  readonly sealer: Pick<Sealer, 'open'>;
  readonly told: WhatIsTold;
  /** What passed before is nobody’s business: milliseconds since the epoch. */
  readonly since: number;
}

/** `after`: the position that was told last; 0 where none was. */
export function itemsOf(
  blocks: readonly JournalBlock[],
  after: number,
  { sealer, told, since }: Telling,
): RecordItem[] {
  const items: RecordItem[] = [];
  let position = after;
  for (const block of blocks) {
    if (position > 0 && block.position > position + 1) {
      items.push(lostItem(block.at, block.position - position - 1, 'a part of the journal could not be read'));
    }
    position = block.position;
    let records: readonly OpenedRecord[];
    try {
      records = openBlock(block, sealer);
    } catch {
      items.push(lostItem(block.at, block.block.count, 'a part of the journal could not be opened'));
      continue;
    }
    for (const opened of records) if (opened.record.at >= since) items.push(...itemsOfRecord(opened, told));
  }
  return items;
}

export function lostItem(at: number, items: number, why: string): RecordItem {
  return { type: 'lost', at, items, why };
}

function itemsOfRecord(opened: OpenedRecord, told: WhatIsTold): RecordItem[] {
  const { record } = opened;
  const message = messageItem(opened, told);
  const read = recordItem.safeParse(message);
  // What no hub would take is said to be missing, and does not hold up the rest.
  const item = read.success
    ? message
    : lostItem(Math.max(0, record.at), 1, 'a message cannot be told in the words of the link');
  return [item, ...alertsIn(record)];
}

function messageItem({ record, request, response }: OpenedRecord, told: WhatIsTold): RecordedMessage {
  const side = (
    original: Buffer | null,
    edits: MessageRecord['requestEdits'],
    findings: MessageRecord['requestFindings'],
  ) => ({
    original:
      told === 'outline' || original === null || original.length > largestOriginal ? null : original.toString('base64'),
    edits: edits.slice(0, mostPlaces).map(({ start, end, replacement, layer, policy, reason, detector }) => ({
      ...{ start, end, layer, policy, detector },
      replacement: told === 'outline' ? '' : replacement,
      reason: reason.slice(0, 1000),
    })),
    findings: findings
      .slice(0, mostPlaces)
      .map(({ pointer, ...finding }) => ({ ...finding, pointer: pointer.slice(0, 2000) })),
  });
  const { at, conversation, client, serverName, direction, method, target, protocol, outcome, code, reason } = record;
  return {
    type: 'message',
    id: record.id as RecordedMessage['id'],
    ...{ at, direction, method, protocol, outcome, code },
    conversation: conversation as RecordedMessage['conversation'],
    client: client?.slice(0, 300) ?? null,
    serverName,
    server: null,
    target: target?.slice(0, 2000) ?? null,
    reason: reason?.slice(0, 4000) ?? null,
    durationUs: record.durationUs,
    upstreamUs: record.upstreamUs,
    request: side(request, record.requestEdits, record.requestFindings),
    response: side(response, record.responseEdits, record.responseFindings),
    parameters: record.parameters?.slice(0, 4000) ?? null,
    trace: record.trace,
    judged: record.judged as RecordedMessage['judged'],
  };
}

function alertsIn({ id, at, judged, serverName, target, method }: MessageRecord): RecordItem[] {
  const alerts: readonly PolicyAlert[] = [...(judged?.call?.alerts ?? []), ...(judged?.result?.alerts ?? [])];
  return alerts.map(({ policy, severity, title }, number) => ({
    type: 'alert',
    id: `${id}-${number}`,
    ...{ at, policy, severity, serverName },
    message: id as RecordedMessage['id'],
    title: title.slice(0, 500),
    tool: method === 'tools/call' ? (target?.slice(0, 300) ?? null) : null,
  }));
}
