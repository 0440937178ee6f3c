// The live feed of a fake hub: just enough of RFC 6455 to greet a client and send it short events.
import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';

export interface FakeLive {
  /** Takes over a connection that asked for an upgrade. */
  accept(request: IncomingMessage, socket: Duplex): void;
  send(event: object): void;
  /** Cuts every connection, as a restarting hub would. */
  drop(): void;
  /** How many were greeted so far. */
  readonly greeted: number;
}

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';

export function createFakeLive(accepts: (accessToken: string) => boolean): FakeLive {
  const open = new Set<Duplex>();
  let greeted = 0;
  return {
    accept: (request, socket) => {
      const key = createHash('sha1').update(`${request.headers['sec-websocket-key']}${guid}`).digest('base64');
      const head = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
      socket.write(`${head.join('\r\n')}\r\nSec-WebSocket-Accept: ${key}\r\n\r\n`);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => open.delete(socket));
      socket.once('data', (data: Buffer) => {
        const hello = JSON.parse(unmasked(data)) as { type: string; accessToken: string };
        if (hello.type !== 'hello' || !accepts(hello.accessToken)) {
          socket.destroy();
          return;
        }
        open.add(socket);
        greeted += 1;
        socket.write(frame({ type: 'welcome' }));
        // Whatever follows is a closing frame.
        socket.on('data', () => socket.destroy());
      });
    },
    send: (event) => {
      for (const socket of open) socket.write(frame(event));
    },
    drop: () => {
      for (const socket of open) socket.destroy();
      open.clear();
    },
    get greeted() {
      return greeted;
    },
  };
}

function frame(event: object): Buffer {
  const payload = Buffer.from(JSON.stringify(event));
  const head = payload.length < 126 ? Buffer.from([0x81, payload.length]) : Buffer.from([0x81, 126, 0, 0]);
  if (payload.length >= 126) head.writeUInt16BE(payload.length, 2);
  return Buffer.concat([head, payload]);
}

/** The text of one short masked frame. */
function unmasked(data: Buffer): string {
  const length = (data[1] ?? 0) & 0x7f;
  const start = length === 126 ? 4 : 2;
  const size = length === 126 ? data.readUInt16BE(2) : length;
  const mask = data.subarray(start, start + 4);
  return Buffer.from(
    data.subarray(start + 4, start + 4 + size).map((byte, at) => byte ^ (mask[at % 4] ?? 0)),
  ).toString();
}
