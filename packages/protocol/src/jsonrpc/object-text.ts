import { MalformedMessage } from './message.ts';
import { ScanError, skipSpace, walkObject } from './scan.ts';

/**
 * A JSON object whose members stay the text they came in as: numbers keep every digit, and nested keys their order. For
 * messages that one revision has to be told in the words of another.
 */
export class ObjectText {
  /** Names and JSON texts side by side, in order: objects of messages have few members, and thousands pass a second. */
  readonly #names: string[];
  readonly #texts: string[];

  private constructor(names: string[], texts: string[]) {
    this.#names = names;
    this.#texts = texts;
  }

  /** Throws `MalformedMessage` for a text that is no object, or that says a member twice. null reads as `{}`. */
  static of(json: string | null): ObjectText {
    const object = new ObjectText([], []);
    if (json === null) return object;
    try {
      walkObject(json, skipSpace(json, 0), Number.POSITIVE_INFINITY, (key, _keyStart, start, end) => {
        if (object.#names.includes(key)) throw new MalformedMessage('not_jsonrpc', `the member "${key}" appears twice`);
        object.#names.push(key);
        object.#texts.push(json.slice(start, end));
      });
    } catch (error) {
      if (!(error instanceof ScanError)) throw error;
      throw new MalformedMessage('not_jsonrpc', `an object was expected: ${error.message}`);
    }
    return object;
  }

  copy(): ObjectText {
    return new ObjectText([...this.#names], [...this.#texts]);
  }

  /** The JSON text of a member; null where there is none. */
  get(name: string): string | null {
    return this.#texts[this.#names.indexOf(name)] ?? null;
  }

  /** A member that is an object itself; empty where there is none, or another kind of value. */
  inner(name: string): ObjectText {
    const json = this.get(name);
    return ObjectText.of(json?.startsWith('{') === true ? json : null);
  }

  /** A member's value, parsed; undefined where there is none. Throws `MalformedMessage` where it is no JSON. */
  value(name: string): unknown {
    const json = this.get(name);
    if (json === null) return undefined;
    try {
      return JSON.parse(json);
    } catch {
      throw new MalformedMessage('not_json', `the member "${name.slice(0, 100)}" is not valid JSON`);
    }
  }

  string(name: string): string | null {
    const value = this.get(name)?.startsWith('"') === true ? this.value(name) : null;
    return typeof value === 'string' ? value : null;
  }

  has(name: string): boolean {
    return this.#names.includes(name);
  }

  /** Sets a member to a JSON text; null takes it out. */
  set(name: string, json: string | null): this {
    const place = this.#names.indexOf(name);
    if (json !== null && place >= 0) this.#texts[place] = json;
    else if (json !== null) {
      this.#names.push(name);
      this.#texts.push(json);
    } else if (place >= 0) {
      this.#names.splice(place, 1);
      this.#texts.splice(place, 1);
    }
    return this;
  }

  without(...names: readonly string[]): this {
    for (const name of names) this.set(name, null);
    return this;
  }

  get size(): number {
    return this.#names.length;
  }

  entries(): readonly (readonly [name: string, json: string])[] {
    return this.#names.map((name, place) => [name, this.#texts[place] ?? 'null']);
  }

  toString(): string {
    let text = '{';
    this.#names.forEach((name, place) => {
      text += `${place === 0 ? '' : ','}${JSON.stringify(name)}:${this.#texts[place] ?? 'null'}`;
    });
    return `${text}}`;
  }
}
