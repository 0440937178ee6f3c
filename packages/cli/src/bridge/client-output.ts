import type { Writable } from 'node:stream';

const lineEnd = Buffer.from('\n');

/** The client's side of the bridge: JSON-RPC lines, and nothing else ever. */
export interface ClientOutput {
  /** Writes one message as one line; its bytes pass unchanged but for line breaks between tokens, which become spaces. */
  write(message: Buffer): void;
  /** Resolves once the client has read most of what was written; at once when it is gone. */
  room(): Promise<void>;
  /** Resolves once everything has left. */
  flushed(): Promise<void>;
}

export function createClientOutput(stdout: Writable): ClientOutput {
  let gone = false;
  stdout.once('close', () => (gone = true));
  const drained = (): Promise<void> =>
    new Promise((resolve) => {
      const done = (): void => {
        stdout.off('drain', done);
        stdout.off('close', done);
        resolve();
      };
      stdout.on('drain', done);
      stdout.on('close', done);
    });
  return {
    write(message) {
      if (gone || !stdout.writable) return;
      stdout.write(Buffer.concat([onOneLine(message), lineEnd]));
    },
    room: () => (gone || !stdout.writableNeedDrain ? Promise.resolve() : drained()),
    flushed: () =>
      gone || !stdout.writable ? Promise.resolve() : new Promise((resolve) => stdout.write('', () => resolve())),
  };
}

/** A line break inside JSON text can only be white space between tokens. */
function onOneLine(message: Buffer): Buffer {
  if (!message.includes(10) && !message.includes(13)) return message;
  return Buffer.from(message.map((byte) => (byte === 10 || byte === 13 ? 32 : byte)));
}
