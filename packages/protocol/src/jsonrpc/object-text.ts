import { MalformedMessage } from './message.ts';
import { ScanError, skipSpace, walkObject } from './scan.ts';

/**
 * A JSON object whose members stay the text they came in as: numbers keep every digit, and nested keys their order. For
 * messages that one revision has to be told in the words of another.
 */
export class ObjectText {
  /** JSON texts by member name, in order. */
  readonly #members = new Map<string, string>();

  /** Throws `MalformedMessage` for a text that is no object, or that says a member twice. null reads as `{}`. */
  static of(json: string | null): ObjectText {
    const object = new ObjectText();
    if (json === null) return object;
    try {
      walkObject(json, skipSpace(json, 0), Number.POSITIVE_INFINITY, (key, _keyStart, start, end) => {
        if (object.#members.has(key)) throw new MalformedMessage('not_jsonrpc', `the member "${key}" appears twice`);
        object.#members.set(key, json.slice(start, end));
      });
    } catch (error) {
      if (!(error instanceof ScanError)) throw error;
      throw new MalformedMessage('not_jsonrpc', `an object was expected: ${error.message}`);
    }
    return object;
  }

  /** The JSON text of a member; null where there is none. */
  get(name: string): string | null {
    return this.#members.get(name) ?? null;
  }

  /** A member that is an object itself; empty where there is none, or another kind of value. */
  inner(name: string): ObjectText {
    const json = this.#members.get(name);
    return ObjectText.of(json?.startsWith('{') === true ? json : null);
  }

  /** A member's value, parsed; undefined where there is none. Throws `MalformedMessage` where it is no JSON. */
  value(name: string): unknown {
    const json = this.#members.get(name);
    if (json === undefined) return undefined;
    try {
      return JSON.parse(json);
    } catch {
      throw new MalformedMessage('not_json', `the member "${name.slice(0, 100)}" is not valid JSON`);
    }
  }

  string(name: string): string | null {
    const value = this.#members.get(name)?.startsWith('"') === true ? this.value(name) : null;
    return typeof value === 'string' ? value : null;
  }

  has(name: string): boolean {
    return this.#members.has(name);
  }

  /** Sets a member to a JSON text; null takes it out. */
  set(name: string, json: string | null): this {
    if (json === null) this.#members.delete(name);
    else this.#members.set(name, json);
    return this;
  }

  without(...names: readonly string[]): this {
    for (const name of names) this.#members.delete(name);
    return this;
  }

  get size(): number {
    return this.#members.size;
  }

  entries(): Iterable<readonly [string, string]> {
    return this.#members;
  }

  toString(): string {
    const members: string[] = [];
    for (const [name, json] of this.#members) members.push(`${JSON.stringify(name)}:${json}`);
    return `{${members.join(',')}}`;
  }
}
