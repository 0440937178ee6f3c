// Reads JSON, JSON with comments and trailing commas, and JSON5 into a tree with places. Libraries were measured first: the
// one that reads all three with places needs seconds for the megabytes of live state that some clients keep in one file.
import {
  type ConfigNode,
  type ConfigTree,
  deepestNesting,
  duplicatesIn,
  MalformedConfig,
  type MapNode,
  type Member,
  type ScalarNode,
} from './config-tree.ts';

export type JsonFormat = 'json' | 'jsonc' | 'json5';

export function readJsonTree(text: string, format: JsonFormat): ConfigTree {
  const reader = new JsonReader(text, format === 'json5');
  const root = reader.document();
  const hasExtras = reader.hasComments || reader.hasTrailingComma;
  return { root, duplicates: duplicatesIn(root), isLenient: format === 'json' && hasExtras };
}

const space = /[ \t\r\n]/;
const space5 = /[ \t\r\n\v\f\u00a0\u2028\u2029\ufeff]/;
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const number5 = /[+-]?(?:0[xX][\da-fA-F]+|Infinity|NaN|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const name5 = /[\p{L}\p{Nl}$_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}$\u200c\u200d]*/uy;
const plainRun = /[^"\\\x00-\x1f]*/y;

class JsonReader {
  readonly #text: string;
  readonly #isJson5: boolean;
  #at = 0;
  #depth = 0;
  hasComments = false;
  hasTrailingComma = false;

  constructor(text: string, isJson5: boolean) {
    this.#text = text;
    this.#isJson5 = isJson5;
  }

  document(): ConfigNode {
    this.#skip();
    const root = this.#value();
    this.#skip();
    if (this.#at < this.#text.length) this.#fail('something follows the end of the document');
    return root;
  }

  #value(): ConfigNode {
    const character = this.#text[this.#at];
    if (character === '{' || character === '[') {
      this.#depth += 1;
      if (this.#depth > deepestNesting) this.#fail('it is nested too deeply');
      const node = character === '{' ? this.#map() : this.#list();
      this.#depth -= 1;
      return node;
    }
    if (character === '"' || (this.#isJson5 && character === "'")) return this.#string();
    return this.#word();
  }

  #map(): MapNode {
    const start = this.#at;
    const members: Member[] = [];
    this.#at += 1;
    for (;;) {
      this.#skip();
      if (this.#take('}')) return { kind: 'map', start, end: this.#at, members, flow: true };
      const key = this.#key();
      this.#skip();
      if (!this.#take(':')) this.#fail('a colon is missing');
      this.#skip();
      const value = this.#value();
      const piece = { start: key.start, end: value.end };
      const comma = this.#comma('}');
      const placed = { key: key.text, keyPlace: { start: key.start, end: key.end }, value, pieces: [piece] };
      members.push(comma === undefined ? placed : { ...placed, comma });
    }
  }

  #list(): ConfigNode {
    const start = this.#at;
    const items: ConfigNode[] = [];
    this.#at += 1;
    for (;;) {
      this.#skip();
      if (this.#take(']')) return { kind: 'list', start, end: this.#at, items };
      items.push(this.#value());
      this.#comma(']');
    }
  }

  /** Where the comma stood; undefined before the closing bracket. */
  #comma(closing: string): number | undefined {
    this.#skip();
    const at = this.#at;
    if (this.#take(',')) {
      this.#skip();
      if (this.#text[this.#at] === closing) this.hasTrailingComma = true;
      return at;
    }
    if (this.#text[this.#at] !== closing) this.#fail('a comma or a closing bracket is missing');
    return undefined;
  }

  #key(): { readonly text: string; readonly start: number; readonly end: number } {
    const start = this.#at;
    const character = this.#text[start];
    if (character === '"' || (this.#isJson5 && character === "'")) {
      const { value } = this.#string();
      return { text: String(value), start, end: this.#at };
    }
    const name = this.#isJson5 ? this.#match(name5) : undefined;
    if (name === undefined) this.#fail('a key is missing');
    return { text: name, start, end: this.#at };
  }

  #string(): ScalarNode {
    const start = this.#at;
    const quote = this.#text[start];
    this.#at += 1;
    let value = '';
    for (;;) {
      if (quote === '"') value += this.#match(plainRun) ?? '';
      const character = this.#text[this.#at];
      if (character === undefined) this.#fail('a string is not closed');
      this.#at += 1;
      if (character === quote) return { kind: 'scalar', start, end: this.#at, value, isString: true };
      if (character === '\\') value += this.#escape();
      else if (character === '\n' || character === '\r') this.#fail('a string is not closed');
      else if (character < ' ' && !this.#isJson5) this.#fail('a string holds a control character');
      else value += character;
    }
  }

  #escape(): string {
    const character = this.#text[this.#at] ?? '';
    this.#at += 1;
    if (character === 'u') return this.#code(4);
    const simple = escapes[character];
    if (simple !== undefined) return simple;
    if (!this.#isJson5 || character === '') this.#fail('a string holds an unknown escape');
    if (character === 'x') return this.#code(2);
    if (character === '\r' && this.#text[this.#at] === '\n') this.#at += 1;
    return json5Escapes[character] ?? character;
  }

  #code(digits: number): string {
    const hex = this.#text.slice(this.#at, this.#at + digits);
    if (hex.length < digits || !/^[\da-fA-F]+$/.test(hex)) this.#fail('a string holds an unknown escape');
    this.#at += digits;
    return String.fromCharCode(Number.parseInt(hex, 16));
  }

  #word(): ScalarNode {
    const start = this.#at;
    const written = this.#match(this.#isJson5 ? number5 : number);
    if (written !== undefined) {
      return { kind: 'scalar', start, end: this.#at, value: `number:${written}`, isString: false };
    }
    for (const [word, value] of words) {
      if (!this.#text.startsWith(word, start)) continue;
      this.#at += word.length;
      return { kind: 'scalar', start, end: this.#at, value, isString: false };
    }
    return this.#fail(start >= this.#text.length ? 'it ends in the middle' : 'a value is missing');
  }

  /** Whitespace and comments. */
  #skip(): void {
    const blank = this.#isJson5 ? space5 : space;
    for (;;) {
      while (this.#at < this.#text.length && blank.test(this.#text.charAt(this.#at))) this.#at += 1;
      if (this.#text[this.#at] !== '/') return;
      const next = this.#text[this.#at + 1];
      if (next !== '/' && next !== '*') return;
      this.hasComments = true;
      const end = next === '/' ? this.#lineEnd() : this.#text.indexOf('*/', this.#at + 2);
      if (end < 0) this.#fail('a comment is not closed');
      this.#at = next === '/' ? end : end + 2;
    }
  }

  #lineEnd(): number {
    const found = this.#text.slice(this.#at).search(/[\r\n]/);
    return found < 0 ? this.#text.length : this.#at + found;
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0];
    if (found === undefined) return undefined;
    this.#at += found.length;
    return found;
  }

  #fail(what: string): never {
    const before = this.#text.slice(0, this.#at);
    const line = before.split('\n').length;
    throw new MalformedConfig(`Line ${line}, column ${this.#at - before.lastIndexOf('\n')}: ${what}.`, this.#at);
  }
}

const escapes: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  '"': '"',
  '\\': '\\',
  '/': '/',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
});

/** Beside those of JSON; a line break behind a backslash is nothing at all. */
const json5Escapes: Readonly<Record<string, string | undefined>> = Object.assign(Object.create(null), {
  v: '\v',
  '0': '\0',
  '\n': '',
  '\r': '',
  '\u2028': '',
  '\u2029': '',
});

const words = [
  ['true', true],
  ['false', false],
  ['null', null],
] as const;
