// A record as one line of text: its members in a fixed order, a tab after each but the last. So it lies in the journal, and
// so it goes on to the database, whose own text format this is, without anybody reading it on the way.
import type { MessageTrace, SideTrace } from '../policy/rule-trace.ts';
import type { BodyPlace, MessageRecord } from './message-record.ts';

/**
 * The line, with its line end. `block` is the id of the block in which the originals lie. Characters that no database
 * takes, which are NUL and halves of surrogate pairs, are written as U+FFFD.
 */
export function encodeRecord(record: MessageRecord, block: string): string {
  const { request, response } = record;
  return (
    `${record.id}\t${record.organization}\t${record.at}\t${record.member}\t${record.token ?? none}\t` +
    `${record.conversation ?? none}\t${text(record.client)}\t${text(record.endpoint)}\t${record.server ?? none}\t` +
    `${text(record.serverName)}\t${record.direction}\t${text(record.method)}\t${text(record.target)}\t` +
    `${text(record.protocol)}\t${record.outcome}\t${text(record.code)}\t${text(record.reason)}\t` +
    `${record.durationUs}\t${record.upstreamUs ?? none}\t${place(request)}\t${place(response)}\t` +
    `${list(record.requestEdits)}\t${list(record.responseEdits)}\t` +
    `${list(record.requestFindings)}\t${list(record.responseFindings)}\t${block}\t` +
    `${text(record.role)}\t${record.actedBy ?? none}\t${text(record.parameters)}\t${record.trace ?? none}\t` +
    `${judgedText(record.judged)}${secretsText(record)}\n`
  );
}

/** Of one line, without its line end. Throws a `SyntaxError` for what `encodeRecord` cannot have written. */
export function decodeRecord(line: string): { readonly record: MessageRecord; readonly block: string } {
  const fields = line.split('\t').map((field) => (field === none ? null : unescaped(field)));
  if (fields.length !== columns && fields.length !== beforeSecrets) throw new SyntaxError('this is no record');
  const [id, organization, at, member, token, conversation, client, endpoint, server, serverName, ...rest] = fields;
  const [direction, method, target, protocol, outcome, code, reason, durationUs, upstreamUs, ...places] = rest;
  const [requestOffset, requestLength, responseOffset, responseLength, ...lists] = places;
  const [requestEdits, responseEdits, requestFindings, responseFindings, block, ...later] = lists;
  const [role, actedBy, parameters, trace, judged, secrets] = later;
  const record = {
    id,
    organization,
    at: numberOf(at),
    member,
    token,
    conversation,
    client,
    endpoint,
    server,
    serverName,
    direction,
    method,
    target,
    protocol,
    outcome,
    code,
    reason,
    durationUs: numberOf(durationUs),
    upstreamUs: numberOf(upstreamUs),
    request: placeOf(requestOffset, requestLength),
    response: placeOf(responseOffset, responseLength),
    requestEdits: JSON.parse(requestEdits ?? ''),
    responseEdits: JSON.parse(responseEdits ?? ''),
    requestFindings: JSON.parse(requestFindings ?? ''),
    responseFindings: JSON.parse(responseFindings ?? ''),
    role,
    actedBy,
    parameters,
    trace,
    judged: judged === null || judged === undefined ? null : JSON.parse(judged),
    ...(secrets !== undefined && { secrets: secrets === null ? null : JSON.parse(secrets) }),
  };
  return { record: record as MessageRecord, block: block ?? '' };
}

const columns = 34;
/** Such lines lie in audit logs, where their hash holds them as they are. */
const beforeSecrets = 33;
/**
 * Before it said in which role, by whom, with which parameters and in which trace; before what policies said; and before
 * which secrets.
 */
const columnsOnce: readonly number[] = [28, 32, beforeSecrets];
const none = '\\N';

/** A line, without its end, of a journal that an earlier version left: with the fields that it does not have yet. */
export function completeLine(line: string): string {
  const there = line.split('\t').length;
  return columnsOnce.includes(there) ? `${line}${`\t${none}`.repeat(columns - there)}` : line;
}

function text(value: string | null): string {
  if (value === null) return none;
  return special.test(value) ? escaped(value.toWellFormed().replaceAll('\0', '\uFFFD')) : value;
}

function list(items: readonly unknown[]): string {
  if (items.length === 0) return '[]';
  return json(items);
}

function json(value: unknown): string {
  const written = JSON.stringify(value, (_key, inner: unknown) =>
    typeof inner === 'string' ? inner.toWellFormed().replaceAll('\0', '\uFFFD') : inner,
  );
  return escaped(written);
}

function judgedText(judged: MessageTrace | null): string {
  if (judged === null) return none;
  const { call, result } = judged;
  if (call === undefined || result === undefined) return json(judged);
  return `{"call":${sideText(call)},"result":${sideText(result)}}`;
}

/** Most messages hold nothing that a policy looks for, and what was said of them is one and the same frozen object. */
function sideText(side: SideTrace): string {
  if (!Object.isFrozen(side)) return json(side);
  const known = sides.get(side);
  if (known !== undefined) return known;
  const text = json(side);
  sides.set(side, text);
  return text;
}

const sides = new WeakMap<SideTrace, string>();

/** Whoever does not say is of an earlier version, and keeps its line as it was. */
function secretsText({ secrets }: MessageRecord): string {
  if (secrets === null) return `\t${none}`;
  return secrets === undefined ? '' : `\t${json(secrets)}`;
}

function place(original: BodyPlace | null): string {
  return original === null ? `${none}\t${none}` : `${original.offset}\t${original.length}`;
}

/** What must be escaped or replaced: rare in names. */
const special = /[\\\t\n\r\0\ud800-\udfff]/;

function escaped(value: string): string {
  return value.replace(/[\\\t\n\r]/g, (character) => escapes[character] ?? character);
}

function unescaped(value: string): string {
  return value.includes('\\') ? value.replace(/\\(.)/g, (_, letter: string) => letters[letter] ?? letter) : value;
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const letters: Readonly<Record<string, string>> = { '\\': '\\', t: '\t', n: '\n', r: '\r' };

function numberOf(field: string | null | undefined): number | null {
  return field === null || field === undefined ? null : Number(field);
}

function placeOf(offset: string | null | undefined, length: string | null | undefined): BodyPlace | null {
  return offset === null || length === null ? null : { offset: Number(offset), length: Number(length) };
}
