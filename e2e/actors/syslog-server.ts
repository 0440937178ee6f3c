// A syslog server over TLS, as a process that can be killed: keeps every message of RFC 5424 that it reads, counted by octets,
// in a file, before it reads on. Run as: node syslog-server.ts PORT KEY CERTIFICATE FILE; prints its port.
import { appendFileSync, readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';

const [port = '0', key = '', certificate = '', file = ''] = process.argv.slice(2);

const server = createServer({ key: readFileSync(key), cert: readFileSync(certificate) }, (socket) => {
  let pending: Buffer = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const space = pending.indexOf(' ');
      const length = Number(pending.toString('latin1', 0, space));
      if (space < 0 || pending.length < space + 1 + length) return;
      const message = pending.toString('utf8', space + 1, space + 1 + length);
      appendFileSync(file, `${JSON.stringify(message)}\n`);
      pending = pending.subarray(space + 1 + length);
    }
  });
  socket.on('error', () => {});
});
server.on('tlsClientError', () => {});
server.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
