import type { Database } from './connect.ts';
import { databaseFailure } from './database-failure.ts';

/**
 * How far a journal has arrived: the position of its last block that is stored, 0 when none is. Throws
 * `database_unavailable`.
 */
export function createRecordedPosition({ pool, place }: Pick<Database, 'pool' | 'place'>) {
  return async (journal: string): Promise<number> => {
    try {
      const { rows } = await pool.query<{ position: number }>(
        'select position from journal_positions where journal = $1',
        [journal],
      );
      return Math.max(0, rows[0]?.position ?? 0);
    } catch (error) {
      throw databaseFailure(error, place);
    }
  };
}
