import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import type { Output } from '../../output/output.ts';
import { safeLine, safeText } from '../../output/safe-text.ts';
import type { Style, Tone } from '../../output/style.ts';
import { renderDetails } from '../../output/table.ts';
import { byteSize, count, duration, relativeTime, timeOfDay } from '../../output/words.ts';

export type MessageDetail = OutputOf<Operations['getMessage']>;
export type Message = OutputOf<Operations['listMessages']>['items'][number];
type Body = NonNullable<MessageDetail['request']>;

const tones: Readonly<Record<Message['outcome'], Tone>> = {
  answered: 'green',
  tool_error: 'yellow',
  error: 'yellow',
  refused: 'red',
  failed: 'red',
  cancelled: 'dim',
  sent: 'dim',
};

const outcomeRoom = Math.max(...Object.keys(tones).map((outcome) => outcome.length));

/** One line of the tail. */
export function messageLine(message: Message, style: Style): string {
  const { outcome, server, method, target, redactions, member, reason } = message;
  const redacted = redactions === 0 ? '' : style('yellow', `${redactions} redacted`);
  const parts = [
    style('dim', timeOfDay(message.at)),
    style(tones[outcome], outcome.padEnd(outcomeRoom)),
    safeLine(server?.name ?? '-'),
    `${safeLine(method)}${target === null ? '' : ` ${style('bold', safeLine(target))}`}`,
    duration(message.durationUs),
    redacted,
    style('dim', safeLine(member.email)),
    reason === null ? '' : safeLine(reason),
  ];
  return parts.filter((part) => part !== '').join('  ');
}

/** Everything about one message. Originals are shown where they are there. */
export function renderMessage(message: MessageDetail, out: Output, now: number): string {
  const { style } = out;
  const waited = message.upstreamUs === null ? '' : ` (${duration(message.upstreamUs)} of it the server)`;
  const sizes = [message.requestBytes, message.responseBytes].map((bytes) => (bytes === null ? '-' : byteSize(bytes)));
  const head = renderDetails(
    [
      ['Id', message.id],
      ['At', `${message.at} (${relativeTime(message.at, now)})`],
      ['Member', `${safeLine(message.member.name)} (${safeLine(message.member.email)})`],
      ['Client', message.client === null ? undefined : safeLine(message.client)],
      ['Endpoint', message.endpoint === null ? '/mcp' : `/mcp/${safeLine(message.endpoint)}`],
      ['Server', message.server === null ? undefined : safeLine(message.server.name)],
      ['Method', safeLine([message.method, message.target ?? ''].join(' '))],
      ['Begun by', message.direction === 'call' ? 'the client' : 'the server'],
      ['Protocol', message.protocol ?? undefined],
      ['Outcome', style(tones[message.outcome], message.outcome)],
      ['Code', message.code ?? undefined],
      ['Reason', message.reason === null ? undefined : safeLine(message.reason)],
      ['Took', `${duration(message.durationUs)}${waited}`],
      ['Size', `${sizes[0]} in, ${sizes[1]} back`],
      ['Redacted', message.redactions === 0 ? undefined : count(message.redactions, 'place')],
    ],
    style,
  );
  return [head, renderBody('Request', message.request, style), renderBody('Response', message.response, style)]
    .filter((part) => part !== '')
    .join('\n\n');
}

function renderBody(title: string, body: Body | null, style: Style): string {
  if (body === null) return '';
  const parts = [style('bold', title), prettyJson(body.delivered)];
  if (body.edits.length > 0) parts.push('', renderEdits(body.edits, style));
  if (body.original !== null && body.edits.length > 0) {
    parts.push('', style('bold', `${title} as it came in`), prettyJson(body.original));
  }
  return parts.join('\n');
}

/** Which policy put what in how many places, and why. */
function renderEdits(edits: Body['edits'], style: Style): string {
  const byReason = Map.groupBy(edits, ({ policy, reason }) => `${policy?.name ?? 'MCPVault'}: ${reason}`);
  return [...byReason]
    .flatMap(([why, those]) => [
      `${style('yellow', 'redacted by')} ${safeLine(why)}`,
      ...[...Map.groupBy(those, ({ replacement }) => replacement)].map(
        ([replacement, places]) => `  ${safeLine(replacement)} in ${count(places.length, 'place')}`,
      ),
    ])
    .join('\n');
}

/** Indented where nothing is lost by it: a number that JavaScript cannot hold keeps the text as it is. */
function prettyJson(text: string): string {
  try {
    const value: unknown = JSON.parse(text);
    return safeText(JSON.stringify(value) === compact(text) ? JSON.stringify(value, null, 2) : text);
  } catch {
    return safeText(text);
  }
}

/** Without the white space between the parts of the JSON. */
function compact(text: string): string {
  return text.replace(/("(?:[^"\\]|\\.)*")|\s+/g, (_, string: string | undefined) => string ?? '');
}
