// The whole hub, listening on a free port over a real database, for tests of what is said over HTTP.
import { openTestDatabase, testDirectory } from '@mcpvault/store/testing/test-database';
import { startHub } from '../compose.ts';
import { readConfig } from '../config.ts';
import { quiet } from './quiet.ts';

export type TestServer = Awaited<ReturnType<typeof runTestHub>>;

export const admin = { email: 'admin@example.com', password: 'correct horse battery' };

let count = 0;

export async function runTestHub(settings: Readonly<Record<string, string>> = {}) {
  const { connection } = await openTestDatabase();
  const socket = encodeURIComponent(connection.host ?? '');
  const data = await testDirectory(`hub-${process.pid}-${++count}`);
  const env = {
    MCPVAULT_DATA: data,
    MCPVAULT_PORT: '0',
    MCPVAULT_EXAMPLE: 'off',
    MCPVAULT_ADMIN_EMAIL: admin.email,
    MCPVAULT_ADMIN_PASSWORD: admin.password,
    DATABASE_URL: `postgres://${connection.user}@localhost/${connection.database}?host=${socket}`,
    ...settings,
  };
  const hub = await startHub(readConfig([], env), { PATH: process.env['PATH'] }, quiet);
  const url = hub.addresses.localUrl;

  async function call(method: string, path: string, body?: unknown, token?: string): Promise<Answer> {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    return answerOf(response);
  }

  return {
    hub,
    url,
    data,
    call,
    async signIn(): Promise<string> {
      const { body } = await call('POST', '/api/v1/auth/login', admin);
      return String(body['accessToken']);
    },
  };
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed body; empty where it is no JSON. */
  readonly body: Readonly<Record<string, unknown>>;
}

export async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  const isJson = response.headers.get('content-type')?.includes('json') === true && text !== '';
  return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : {} };
}
