// Audit events to a syslog server over TCP, with TLS or without. The protocol has no answers, so that a connection that is
// closed in order is the only sign that all was read: each delivery has one of its own, and what is closed in any other way
// is sent again.
import { connect, isIP, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { syslogFrame } from '@mcpvault/domain/audit/formats/syslog';
import { guardedLookup } from '@mcpvault/gateway/outbound/guarded-lookup';
import type { OutboundRules } from '@mcpvault/gateway/outbound/outbound-rules';
import type { DestinationFormat, DestinationTransport } from '@mcpvault/store/audit/destination';
import { type Receiver, textOf, Undelivered } from './receiver.ts';

export interface SyslogReceiverDeps {
  readonly transport: Extract<DestinationTransport, { type: 'syslog' }>;
  readonly format: DestinationFormat;
  readonly rules: OutboundRules;
  /** How this hub calls itself in messages. */
  readonly hostname: string;
  readonly version: string;
}

const timeoutMs = 10_000;
/** A receiver that breaks off shows it within this, before it is told that all was said. */
const breakOffMs = 200;

export function createSyslogReceiver({ transport, format, rules, hostname, version }: SyslogReceiverDeps): Receiver {
  return {
    atOnce: 1000,
    async send(events) {
      const frames = events.map((event) => syslogFrame(event, textOf(event, format, version), hostname));
      await deliver(open(transport, rules), Buffer.concat(frames));
    },
  };
}

function open({ host, port, tls, ca }: SyslogReceiverDeps['transport'], rules: OutboundRules): Opening {
  if (isIP(host) !== 0) rules.judgeAddress(host, host, tls);
  const lookup = guardedLookup(rules, tls);
  if (!tls) return { socket: connect({ host, port, lookup }), ready: 'connect' };
  const servername = isIP(host) === 0 ? host : '';
  return { socket: connectTls({ host, port, lookup, servername, ...(ca !== null && { ca }) }), ready: 'secureConnect' };
}

interface Opening {
  readonly socket: Socket;
  readonly ready: 'connect' | 'secureConnect';
}

function deliver({ socket, ready }: Opening, bytes: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    let saidAll = false;
    let closedInOrder = false;
    const late = setTimeout(() => socket.destroy(tooLate()), timeoutMs);
    socket.resume();
    socket.once('error', reject);
    socket.once('end', () => {
      closedInOrder = saidAll;
    });
    socket.once('close', () => {
      clearTimeout(late);
      if (closedInOrder) resolve();
      else reject(brokenOff());
    });
    socket.once(ready, () => {
      socket.write(bytes, (error) => {
        if (!error) void finish();
      });
    });
    async function finish(): Promise<void> {
      await pause(breakOffMs);
      if (socket.readableEnded || socket.destroyed) return void socket.destroy();
      saidAll = true;
      socket.end();
    }
  });
}

function brokenOff(): Undelivered {
  return new Undelivered(
    'the receiver broke the connection off before it had read everything',
    'Look at its log; it may expect TLS, or no TLS.',
  );
}

function tooLate(): Undelivered {
  return new Undelivered(
    `the receiver did not read everything and close the connection within ${timeoutMs / 1000} seconds`,
    'Look whether it is overloaded, and whether it closes connections that the sender has ended.',
  );
}
