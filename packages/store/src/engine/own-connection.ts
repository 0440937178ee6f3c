import pg from 'pg';

/** The database of that name in the embedded server; MCPVault's own when left out. */
export function connectionTo(socketDirectory: string, database: string = owner): pg.ClientConfig {
  return { host: socketDirectory, port: 5432, user: owner, database, password: '', ssl: false };
}

/** Makes MCPVault's database at first start. */
export async function createOwnDatabase(socketDirectory: string): Promise<void> {
  await withClient(socketDirectory, async (client) => {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [owner]);
    if (rowCount === 0) await client.query(`create database ${owner}`);
  });
}

/** Whether a server is there and takes queries. */
export async function answers(socketDirectory: string): Promise<boolean> {
  return withClient(socketDirectory, (client) => client.query('select 1')).then(
    () => true,
    () => false,
  );
}

const owner = 'mcpvault';

async function withClient<Result>(
  socketDirectory: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ ...connectionTo(socketDirectory, 'postgres'), connectionTimeoutMillis: 5_000 });
  // Said again by whatever is under way at that moment.
  client.on('error', () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
