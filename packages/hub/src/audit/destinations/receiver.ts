// What takes audit events: a web address, a syslog server, a file. Each says clearly why it did not take them.
import { csvHeader, csvRow } from '@mcpvault/domain/audit/formats/csv';
import type { AuditEvent } from '@mcpvault/domain/audit/formats/audit-event';
import { ocsfEvent } from '@mcpvault/domain/audit/formats/ocsf';
import { Failure } from '@mcpvault/domain/failure';
import type { DestinationFormat } from '@mcpvault/store/audit/destination';

export interface Receiver {
  /** At most so many are sent at once. */
  readonly atOnce: number;
  /** Resolves once the other side has them all. Rejects with `Undelivered`: then it may have some of them. */
  send(events: readonly AuditEvent[]): Promise<void>;
}

export class Undelivered extends Error {
  override readonly name = 'Undelivered';
  /** For people; null where nothing better is known than to wait. */
  readonly fix: string | null;
  /** Milliseconds to wait before the next try, where the receiver says so. */
  readonly waitMs: number | null;
  /** The receiver wants nothing any more. */
  readonly isFinal: boolean;
  /** It is about what was sent, so that something else may be taken. */
  readonly isContent: boolean;

  constructor(
    why: string,
    fix: string | null,
    more: { readonly waitMs?: number | null; readonly isFinal?: boolean; readonly isContent?: boolean } = {},
  ) {
    super(why);
    this.fix = fix;
    this.waitMs = more.waitMs ?? null;
    this.isFinal = more.isFinal ?? false;
    this.isContent = more.isContent ?? false;
  }
}

/** What was thrown, in words; never with a secret. */
export function undelivered(error: unknown): Undelivered {
  if (error instanceof Undelivered) return error;
  if (error instanceof Failure) {
    const fix = error.details?.['fix'];
    return new Undelivered(error.message, typeof fix === 'string' ? fix : null);
  }
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
  const [why, fix] = reasons[code] ?? ['the receiver could not be reached', null];
  return new Undelivered(`${why} (${code})`, fix);
}

const certificate =
  'Give the certificate of the authority that signed it, or have the receiver show one for this name.';
const reasons: Readonly<Record<string, readonly [why: string, fix: string | null]>> = {
  ECONNREFUSED: ['nobody listens there', 'Start the receiver, or correct host and port.'],
  ECONNRESET: ['the receiver broke the connection off', 'Look at its log; it may expect TLS, or no TLS.'],
  EPIPE: ['the receiver broke the connection off', 'Look at its log; it may expect TLS, or no TLS.'],
  ENOTFOUND: ['there is no such host', 'Correct the name, or the name server of this machine.'],
  EAI_AGAIN: ['the name could not be looked up', 'Look at the name server of this machine.'],
  ETIMEDOUT: ['the receiver did not answer in time', 'Look whether a firewall is in between.'],
  EHOSTUNREACH: ['there is no way to the receiver', 'Look at the network of this machine.'],
  ENOSPC: ['the disk is full', 'Free some space.'],
  EACCES: ['the file may not be written', 'Give the folder to the account that runs the hub.'],
  EPROTO: ['the receiver does not speak TLS', 'Turn TLS off for it, or on at the receiver.'],
  ERR_SSL_WRONG_VERSION_NUMBER: ['the receiver does not speak TLS', 'Turn TLS off for it, or on at the receiver.'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['the certificate is for another name', certificate],
  SELF_SIGNED_CERT_IN_CHAIN: ['the certificate is not trusted', certificate],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['the certificate is not trusted', certificate],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['the certificate is not trusted', certificate],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['the certificate is not trusted', certificate],
  CERT_HAS_EXPIRED: ['the certificate has expired', 'Renew it at the receiver.'],
};

/** One event as one line, without its end. */
export function textOf(event: AuditEvent, format: DestinationFormat, version: string): string {
  if (format === 'csv') return csvRow(event).trimEnd();
  return JSON.stringify(format === 'ocsf' ? ocsfEvent(event, version) : event.line);
}

/** What stands before the first line of a file or body; nothing, mostly. */
export function headOf(format: DestinationFormat): string {
  return format === 'csv' ? csvHeader : '';
}
