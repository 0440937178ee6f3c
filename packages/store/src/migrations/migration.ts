import type { Kysely } from 'kysely';

export interface Migration {
  /** Number and words, such as `001-identity`; sorts after all before it. */
  readonly name: string;
  up(executor: Kysely<unknown>): Promise<void>;
}
