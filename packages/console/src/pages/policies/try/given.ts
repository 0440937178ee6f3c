// A message as somebody writes or pastes it, as a test would describe it. Pure.

export interface Written {
  readonly direction: 'call' | 'result' | 'listing';
  readonly tool: string;
  /** JSON texts; empty for nothing. */
  readonly arguments: string;
  readonly result: string;
  readonly values: string;
}

type Json = Record<string, unknown>;

export type Given =
  | { readonly ok: true; readonly given: Json }
  | { readonly ok: false; readonly field: 'arguments' | 'result' | 'values'; readonly problem: string };

export function givenOf({ direction, tool, ...texts }: Written): Given {
  const given: Json = {};
  if (direction !== 'call') given['direction'] = direction;
  if (tool.trim() !== '' && direction !== 'listing') given['tool'] = tool.trim();
  for (const field of ['arguments', 'result', 'values'] as const) {
    const text = texts[field].trim();
    const isAsked = field === 'result' ? direction !== 'call' : field === 'values' || direction !== 'listing';
    if (text === '' || !isAsked) continue;
    try {
      given[field] = JSON.parse(text);
    } catch (error) {
      return {
        ok: false,
        field,
        problem: `This is no JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`,
      };
    }
    if (field === 'values' && (typeof given[field] !== 'object' || given[field] === null))
      return { ok: false, field, problem: 'Write an object, such as { "caller": { "role": "admin" } }.' };
  }
  return { ok: true, given };
}

/** The parts of a JSON-RPC message that somebody pasted whole; null for anything else. */
export function partsOfMessage(text: string): Partial<Written> | null {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof message !== 'object' || message === null) return null;
  const { method, params, result } = message as { method?: unknown; params?: unknown; result?: unknown };
  const pretty = (value: unknown) => (value === undefined ? '' : JSON.stringify(value, null, 2));
  if (result !== undefined) return { direction: 'result', result: pretty(result) };
  if (method === 'tools/call' && typeof params === 'object' && params !== null) {
    const { name, arguments: given } = params as { name?: unknown; arguments?: unknown };
    return { direction: 'call', tool: typeof name === 'string' ? name : '', arguments: pretty(given ?? {}) };
  }
  return null;
}
