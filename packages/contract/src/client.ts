// The typed client of the hub's REST interface, for the console and the command line. It turns an operation's input into
// a path, a query and a body, and a problem answer into an `ApiError`. It keeps no state and stores no credential.
import type { InputOf, OutputOf } from './operation.ts';
import { type OperationKey, type Operations, operations } from './operations.ts';
import type { Problem } from './problem.ts';
import { apiRoot, requestParts } from './route.ts';

export interface ClientOptions {
  /** Origin of the hub without a trailing slash, e.g. `http://127.0.0.1:7717`; `''` means the page's own. */
  readonly baseUrl: string;
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** The bearer to send; null sends none. */
  readonly accessToken?: () => string | null | Promise<string | null>;
  /** A call that carried a bearer was answered 401. True: a new one is at hand, and the call is made once more. */
  readonly onUnauthorized?: () => boolean | Promise<boolean>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

export interface Client {
  /** Throws `ApiError` for every answer that is not a success, and when no answer came at all. */
  call<Key extends OperationKey>(
    key: Key,
    input: InputOf<Operations[Key]>,
    options?: CallOptions,
  ): Promise<OutputOf<Operations[Key]>>;
}

/** What the hub said instead of an answer. `detail` and `fix` are for people; `code` is stable. */
export class ApiError extends Error {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  readonly code: string;
  readonly fix: string | null;
  readonly requestId: string | null;
  /** Which members of the input were not accepted, and why; often empty. */
  readonly issues: NonNullable<Problem['issues']>;

  constructor(problem: Pick<Problem, 'status' | 'code' | 'detail'> & Partial<Problem>) {
    super(problem.detail);
    this.name = 'ApiError';
    this.status = problem.status;
    this.code = problem.code;
    this.fix = problem.fix ?? null;
    this.requestId = problem.requestId ?? null;
    this.issues = problem.issues ?? [];
  }

  get detail(): string {
    return this.message;
  }
}

export function createClient(options: ClientOptions): Client {
  const send = options.fetch ?? ((url, init) => fetch(url, init));

  async function attempt(key: OperationKey, input: object, call: CallOptions | undefined): Promise<Response> {
    const token = operations[key].permission === 'anyone' ? null : ((await options.accessToken?.()) ?? null);
    const { path, query, body } = requestParts(operations[key], input);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (token !== null) headers['authorization'] = `Bearer ${token}`;
    if (body !== undefined) headers['content-type'] = 'application/json';
    const init: RequestInit = { method: operations[key].method, headers };
    if (body !== undefined) init.body = JSON.stringify(body);
    if (call?.signal) init.signal = call.signal;
    return send(`${options.baseUrl}${apiRoot}${path}${query}`, init).catch((error: unknown) => {
      if (call?.signal?.aborted) throw error;
      throw unreachable();
    });
  }

  return {
    async call<Key extends OperationKey>(key: Key, input: InputOf<Operations[Key]>, call?: CallOptions) {
      let response = await attempt(key, input, call);
      if (response.status === 401 && operations[key].permission !== 'anyone' && (await options.onUnauthorized?.())) {
        response = await attempt(key, input, call);
      }
      if (!response.ok) throw await problemOf(response);
      // The hub checks its answers against the contract in its own tests; checking them again here would only cost time.
      return (response.status === 204 ? undefined : await response.json()) as OutputOf<Operations[Key]>;
    },
  };
}

/** Trusts nothing about the body: a proxy in between may have answered. */
async function problemOf(response: Response): Promise<ApiError> {
  const body: unknown = await response.json().catch(() => null);
  const said = typeof body === 'object' && body !== null ? (body as Partial<Problem>) : {};
  return new ApiError({
    ...said,
    status: response.status,
    code: said.code ?? 'unexpected_answer',
    detail: said.detail ?? said.title ?? `The hub answered with status ${response.status} and no explanation.`,
  });
}

function unreachable(): ApiError {
  return new ApiError({
    status: 0,
    code: 'unreachable',
    detail: 'The hub did not answer.',
    fix: 'Check that the hub is running and that this machine can reach it, then try again.',
  });
}
