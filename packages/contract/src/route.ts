// How an operation's input is laid out in an HTTP request: path parameters in the path, the rest in the query (GET,
// DELETE) or in the JSON body. The server, the client and the OpenAPI document all read it here.
import type { Operation } from './operation.ts';

/** Every operation answers below this path. */
export const apiRoot = '/api/v1';

/** How a body is written. */
export const mediaTypes = { json: 'application/json', form: 'application/x-www-form-urlencoded' } as const;

/** Names of the parameters in a path such as `/members/{id}`. */
export function pathParameters(path: string): readonly string[] {
  return [...path.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
}

export function takesBody(operation: Pick<Operation, 'method'>): boolean {
  return operation.method !== 'GET' && operation.method !== 'DELETE';
}

export interface RequestParts {
  /** Below `apiRoot`, with the parameters filled in and escaped. */
  readonly path: string;
  /** With its question mark, or empty. */
  readonly query: string;
  /** undefined where the operation takes no body. */
  readonly body: Record<string, unknown> | undefined;
}

/** Throws a TypeError when a path parameter is missing. Members that are undefined are left out. */
export function requestParts(operation: Pick<Operation, 'method' | 'path'>, input: object): RequestParts {
  const rest = new Map(Object.entries(input).filter(([, value]) => value !== undefined));
  const path = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value: unknown = rest.get(name);
    if (typeof value !== 'string' || value === '') throw new TypeError(`${operation.path} needs ${name}`);
    rest.delete(name);
    return encodeURIComponent(value);
  });
  if (takesBody(operation)) return { path, query: '', body: Object.fromEntries(rest) };
  const query = new URLSearchParams([...rest].map(([name, value]) => [name, String(value)])).toString();
  return { path, query: query === '' ? '' : `?${query}`, body: undefined };
}
