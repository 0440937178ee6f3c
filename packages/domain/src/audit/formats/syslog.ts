// The syslog protocol (RFC 5424), framed by octet counting (RFC 6587, RFC 5425): a line end inside a message ends nothing.
import type { AuditEvent } from './audit-event.ts';

/** Facility 13, log audit. */
const facility = 13;
const informational = 6;
const warning = 4;

/** One frame. `text` is the event in the format that was chosen. */
export function syslogFrame(
  event: Pick<AuditEvent, 'at' | 'action' | 'succeeded'>,
  text: string,
  host: string,
): Buffer {
  const priority = facility * 8 + (event.succeeded ? informational : warning);
  const time = new Date(event.at).toISOString();
  const head = `<${priority}>1 ${time} ${named(host, 255)} mcpvault - ${named(event.action, 32)} - `;
  const message = Buffer.concat([Buffer.from(head), byteOrderMark, Buffer.from(text)]);
  return Buffer.concat([Buffer.from(`${message.length} `), message]);
}

/** Says that what follows is UTF-8. */
const byteOrderMark = Buffer.of(0xef, 0xbb, 0xbf);

/** Printable, without spaces; a dash for nothing. */
function named(text: string, longest: number): string {
  return text.replace(/[^\x21-\x7e]/g, '').slice(0, longest) || '-';
}
