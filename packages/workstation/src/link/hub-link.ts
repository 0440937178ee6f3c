// The way from this computer to its hub: one request of the table at a time, bounded in time and size, answered in the
// shapes of the table or not at all. Whatever the hub says is checked; nothing it says makes this computer follow elsewhere.
import {
  type Answers,
  type Asks,
  link,
  linkHeader,
  type LinkName,
  linkRoot,
  linkVersion,
} from '@mcpvault/protocol/hub-link/link';
import { LinkFailure } from './link-failure.ts';

export interface LinkDeps {
  readonly hub: string;
  readonly fetch: typeof globalThis.fetch;
  /** Milliseconds for the whole answer. */
  readonly patience: number;
}

export interface LinkOptions {
  /** For requests that want one. */
  readonly bearer?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Instead of the usual one, in milliseconds. */
  readonly patience?: number;
}

/** Sends one request. null: 304. Rejects with a `LinkFailure`. */
export type AskHub = <Name extends LinkName>(
  name: Name,
  input: Asks<Name>,
  options?: LinkOptions,
) => Promise<Answers<Name> | null>;

/** Of answers; the largest is a bundle. Bytes. */
const largestAnswer = 24 * 1024 * 1024;

export function createAskHub({ hub, fetch, patience }: LinkDeps): AskHub {
  /** Whoever asks the same again, because the hub was away, hands in the same object. */
  const known = new WeakMap<object, Buffer<ArrayBuffer>>();
  const spelled = (body: object): Buffer<ArrayBuffer> => {
    const bytes = known.get(body) ?? Buffer.from(JSON.stringify(body));
    known.set(body, bytes);
    return bytes;
  };
  return async (name, input, options = {}) => {
    const { method, path, answers } = link[name];
    const late = AbortSignal.timeout(options.patience ?? patience);
    const signal = options.signal === undefined ? late : AbortSignal.any([late, options.signal]);
    const { place, body } = spell(path, input);
    let response: Response;
    let text: string;
    try {
      response = await fetch(`${hub}${linkRoot}${place}`, {
        method,
        signal,
        redirect: 'manual',
        headers: {
          [linkHeader]: String(linkVersion),
          accept: 'application/json',
          ...(method !== 'GET' && { 'content-type': 'application/json' }),
          ...(options.bearer !== undefined && { authorization: `Bearer ${options.bearer}` }),
          ...options.headers,
        },
        ...(method !== 'GET' && { body: spelled(body) }),
      });
      text = await readBounded(response);
    } catch (error) {
      if (error instanceof LinkFailure) throw error;
      throw new LinkFailure(
        'away',
        late.aborted ? 'The hub did not answer in time.' : `The hub cannot be reached (${causeOf(error)}).`,
      );
    }
    if (response.status === 304) return null;
    if (!response.ok) throw refusal(response, text);
    const read = answers.safeParse(parsed(text));
    if (!read.success) throw new LinkFailure('invalid', 'The hub answered with something else than was asked for.');
    return read.data as Answers<typeof name>;
  };
}

/** Parameters of the path stand in the body as well. */
function spell(path: string, input: object): { readonly place: string; readonly body: object } {
  const place = path.replace(/\{(\w+)\}/g, (_, parameter: string) =>
    encodeURIComponent((input as Readonly<Record<string, string | undefined>>)[parameter] ?? ''),
  );
  return { place, body: input };
}

function refusal({ status, headers }: Response, text: string): LinkFailure {
  const problem = parsed(text) as
    | { readonly detail?: unknown; readonly code?: unknown; readonly fix?: unknown }
    | undefined;
  const said = [problem?.detail, problem?.fix]
    .filter((part) => typeof part === 'string')
    .join(' ')
    .slice(0, 500);
  const detail = said === '' ? `The hub answered with ${status}.` : said;
  const wait = Number(headers.get('retry-after'));
  const after = Number.isFinite(wait) && wait > 0 ? Math.min(wait, 3_600) * 1_000 : undefined;
  if (status === 401) return new LinkFailure('unauthenticated', detail, status);
  if (status === 429 || status >= 500) return new LinkFailure('away', detail, status, after);
  if (status >= 300 && status < 400)
    return new LinkFailure('invalid', 'The hub sends on to another place, which is not followed.', status);
  return new LinkFailure('refused', detail, status);
}

async function readBounded(response: Response): Promise<string> {
  if (response.body === null) return '';
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of response.body) {
    bytes += chunk.length;
    if (bytes > largestAnswer) throw new LinkFailure('invalid', 'The hub answered with more than anybody asked for.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The system's own code, which fetch hides in its causes. */
function causeOf(error: unknown): string {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
  }
  return 'no reason was given';
}
