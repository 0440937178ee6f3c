import type pg from 'pg';

/** What the driver's connection has beyond its published types; the driver's own add-ons for copying use the same. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/**
 * `copy … from stdin` with all its data at hand: the cheapest way to store many rows. Resolves with their number; rejects
 * with the driver's error, and then none of them is stored.
 */
export function copyIn(client: pg.PoolClient, statement: string, data: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    client.query(new CopyIn(statement, data, resolve, reject));
  });
}

/** Called by the driver, in the order of the protocol. */
class CopyIn implements pg.Submittable {
  readonly #statement: string;
  readonly #data: Buffer;
  readonly #resolve: (rows: number) => void;
  readonly #reject: (error: Error) => void;
  #rows = 0;

  constructor(statement: string, data: Buffer, resolve: (rows: number) => void, reject: (error: Error) => void) {
    this.#statement = statement;
    this.#data = data;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  submit(connection: pg.Connection): void {
    (connection as unknown as CopyConnection).query(this.#statement);
  }

  handleCopyInResponse(connection: CopyConnection): void {
    connection.sendCopyFromChunk(this.#data);
    connection.endCopyFrom();
  }

  /** `text` is `COPY` and the number of rows. */
  handleCommandComplete({ text }: { readonly text: string }): void {
    this.#rows = Number(text.split(' ')[1] ?? 0);
  }

  handleReadyForQuery(): void {
    this.#resolve(this.#rows);
  }

  handleError(error: Error): void {
    this.#reject(error);
  }
}
