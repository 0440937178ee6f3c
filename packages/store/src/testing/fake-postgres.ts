// Something that speaks just enough of PostgreSQL's protocol to claim to be a server that tests cannot have for real.
import { createServer, type Server, type Socket } from 'node:net';

/** Lets everybody in and answers every query with one row of two texts, as a server of version `number` would. */
export async function fakePostgres(number: number, version: string): Promise<{ port: number; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => {});
    let greeted = false;
    socket.on('data', (data) => {
      if (!greeted) {
        greeted = true;
        socket.write(Buffer.concat([message('R', int32(0)), ready()]));
      } else if (data.toString('latin1', 0, 1) === 'Q') {
        socket.write(Buffer.concat([columns('number', 'version'), row(String(number), version), done(), ready()]));
      } else socket.end();
    });
  });
  const port = await listening(server);
  return {
    port,
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Answers the ephemeral port on the loopback. */
export function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

function message(type: string, ...parts: Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + 4), body]);
}

function columns(...names: string[]): Buffer {
  const text = 25;
  const described = names.map((name) =>
    Buffer.concat([Buffer.from(`${name}\0`), int32(0), int16(0), int32(text), int16(-1), int32(-1), int16(0)]),
  );
  return message('T', int16(names.length), ...described);
}

function row(...values: string[]): Buffer {
  return message(
    'D',
    int16(values.length),
    ...values.map((value) => Buffer.concat([int32(value.length), Buffer.from(value)])),
  );
}

function done(): Buffer {
  return message('C', Buffer.from('SELECT 1\0'));
}

function ready(): Buffer {
  return message('Z', Buffer.from('I'));
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}
