import type { Duplex } from 'node:stream';

/** Milliseconds that the other side gets to read the answer. */
const patience = 1000;

/** Answers on a connection that no HTTP parser looks after any more, and closes it whether or not the other side does. */
export function endWith(socket: Duplex, status: string): void {
  socket.on('error', () => socket.destroy());
  socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
  setTimeout(() => socket.destroy(), patience).unref();
}
