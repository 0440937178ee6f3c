// JSON as people write it into configuration files: comments, trailing commas, and what JSON5 adds that is met in the
// wild (single quotes, bare keys). Objects keep their order and repeated keys, and any key is just a key.

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

export interface JsonObject {
  readonly members: readonly { readonly key: string; readonly value: Json }[];
}

/** `message` says for people what is wrong and where. */
export class JsoncError extends Error {
  constructor(problem: string, text: string, at: number) {
    const before = text.slice(0, at).split('\n');
    super(`Line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}: ${problem}`);
    this.name = 'JsoncError';
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value of a member; of a repeated key the last, as readers of JSON take it. */
export function member(object: JsonObject, key: string): Json | undefined {
  return object.members.findLast((one) => one.key === key)?.value;
}

const deepest = 100;
const blank = /(?:[\s\ufeff]|\/\/[^\n\r]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*\*\/)*/y;
const number = /-?(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/y;
const bareWord = /[A-Za-z_$][\w$-]*/y;
const words: ReadonlyMap<string, null | boolean> = new Map([
  ['null', null],
  ['true', true],
  ['false', false],
]);
const escapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', '\n': '' };

/** Reads one value and nothing behind it; fails with a JsoncError. */
export function parseJsonc(text: string): Json {
  let at = 0;

  const fail = (problem: string, where = at): never => {
    throw new JsoncError(problem, text, where);
  };
  const take = (pattern: RegExp): string | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? null;
    at += found?.length ?? 0;
    return found;
  };
  const next = (): string => {
    take(blank);
    return text.charAt(at);
  };

  function value(depth: number): Json {
    if (depth > deepest) fail('this is nested too deeply.');
    switch (next()) {
      case '{':
        return object(depth);
      case '[':
        return array(depth);
      case '"':
      case "'":
        return string();
      case '':
        return fail('the text ends too early; something is cut off.');
    }
    const written = take(number);
    if (written !== null) return Number(written);
    const start = at;
    const word = words.get(take(bareWord) ?? '');
    return word === undefined ? fail('a value was expected here; texts need quotes around them.', start) : word;
  }

  function object(depth: number): JsonObject {
    const members: { key: string; value: Json }[] = [];
    at++;
    while (next() !== '}') {
      const key = text[at] === '"' || text[at] === "'" ? string() : take(bareWord);
      if (key === null)
        return fail(text[at] === undefined ? 'a { is never closed.' : 'a key in quotes was expected here.');
      if (next() !== ':') fail('a colon was expected behind the key.');
      at++;
      members.push({ key, value: value(depth + 1) });
      separator('}', '{');
    }
    at++;
    return { members };
  }

  function array(depth: number): readonly Json[] {
    const items: Json[] = [];
    at++;
    while (next() !== ']') {
      items.push(value(depth + 1));
      separator(']', '[');
    }
    at++;
    return items;
  }

  function separator(close: string, open: string): void {
    const found = next();
    if (found === ',') at++;
    else if (found === '') fail(`a ${open} is never closed.`);
    else if (found !== close) fail(`a comma or ${close} was expected here.`);
  }

  function string(): string {
    const start = at;
    const quote = text.charAt(at++);
    let written = '';
    for (;;) {
      const character = text.charAt(at);
      if (character === '' || character === '\n') fail('this text’s quotes are never closed.', start);
      at++;
      if (character === quote) return written;
      written += character === '\\' ? escape() : character;
    }
  }

  function escape(): string {
    const character = text.charAt(at++);
    if (character !== 'u') return escapes[character] ?? character;
    const code = text.slice(at, at + 4);
    if (!/^[0-9a-fA-F]{4}$/.test(code)) fail('\\u needs four hexadecimal digits.', at - 2);
    at += 4;
    return String.fromCharCode(Number.parseInt(code, 16));
  }

  const result = value(0);
  if (next() !== '') fail('there is something behind the end.');
  return result;
}
