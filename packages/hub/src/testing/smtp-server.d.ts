// The part of the library that tests use; it brings no types of its own.
declare module 'smtp-server' {
  import type { Server } from 'node:net';

  interface Session {
    readonly envelope: { readonly rcptTo: readonly { readonly address: string }[] };
  }

  export class SMTPServer {
    readonly server: Server;
    constructor(options: {
      readonly authOptional: boolean;
      readonly disabledCommands: readonly string[];
      readonly logger: boolean;
      onRcptTo?(to: { readonly address: string }, session: Session, done: (error?: Error | null) => void): void;
      onData(
        stream: AsyncIterable<Buffer>,
        session: Session,
        done: (error?: Error | null) => void,
      ): void | Promise<void>;
    });
    listen(port: number, host: string, listening: () => void): void;
    close(closed?: () => void): void;
  }
}
