// For property tests: JSON texts as hostile as they come, with secrets planted in them. Values are written with random
// white space and random spellings of every character, so the same secret may arrive plain, escaped or in part.

import * as fc from 'fast-check';

export interface RandomMessage {
  readonly json: string;
  /** What was planted and must be gone after redaction, as a reader of the JSON would see it, at some depth. */
  readonly planted: readonly string[];
}

const body = 'aB3dE6gH9jK2mN5pQ8sT1vW4xY7zA0bC3dE6';
const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
const pem = `-----BEGIN RSA PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcw\n${'x7'.repeat(32)}\n-----END RSA PRIVATE KEY-----`;

/** A text and the part of it that is secret. */
const samples: readonly { readonly text: string; readonly secret: string }[] = [
  `AKIA${'IOSFODNN7EXAMPLE'}`,
  `ghp_${body}`,
  `glpat-${body.slice(0, 20)}`,
  `sk-ant-api03-${body}`,
  `sk_live_${body.slice(0, 24)}`,
  `mcpv_${body}`,
  `${part({ alg: 'HS256' })}.${part({ sub: 'ada' })}.${body}`,
  pem,
  'ada.lovelace@mail.example.org',
  '4111 1111 1111 1111',
  '378282246310005',
].map((text) => ({ text, secret: text }));
const assigned = [
  { text: `postgres://app:${body.slice(0, 12)}@db.internal/shop`, secret: body.slice(0, 12) },
  { text: `Authorization: Bearer ${body}`, secret: body },
  { text: `export DB_PASSWORD='${body.slice(4, 20)}'`, secret: body.slice(4, 20) },
  { text: JSON.stringify({ note: 'a "b"\n', api_key: body.slice(2, 30) }), secret: body.slice(2, 30) },
];
const cards = ['4111111111111111', '-5555555555554444', '6011111111111117'];

type Node =
  | { readonly type: 'string'; readonly text: Text }
  | { readonly type: 'literal'; readonly written: string; readonly secret: string | null }
  | { readonly type: 'array'; readonly items: readonly Node[] }
  | { readonly type: 'object'; readonly members: readonly { readonly key: Text; readonly value: Node }[] };

interface Text {
  readonly text: string;
  readonly secrets: readonly string[];
}

const noise = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.string({ unit: fc.integer({ min: 0xd7f0, max: 0xe010 }).map((code) => String.fromCharCode(code)), maxLength: 6 }),
  fc.constantFrom(
    '',
    '__proto__',
    'constructor',
    'a.b.c',
    'a/b~c',
    '\\',
    '"',
    '\\n',
    '\u2028',
    '🙂🙂',
    '漢字',
    '\u0000',
    '@',
    '4111',
  ),
);
const separator = fc.constantFrom(' ', '\n', '\t', '; ', '" ', '，', '🙂', "' ", '<', ' (');
const plain = noise.map((text): Text => ({ text, secrets: [] }));
const holding = fc
  .array(fc.tuple(noise, separator, fc.constantFrom(...samples, ...assigned), separator), {
    minLength: 1,
    maxLength: 3,
  })
  .map(
    (parts): Text => ({
      text: parts.map(([before, open, { text }, close]) => before + open + text + close).join(''),
      secrets: parts.map(([, , { secret }]) => secret),
    }),
  );
/** JSON inside the string, once or twice, as tools answer it. */
const nested = fc.tuple(holding, plain, fc.boolean()).map(([inner, key, twice]): Text => {
  const once = JSON.stringify({ [key.text]: inner.text, list: [inner.text, 1.5] });
  return { text: twice ? JSON.stringify([once]) : once, secrets: inner.secrets };
});
const text = fc.oneof(
  { weight: 6, arbitrary: plain },
  { weight: 2, arbitrary: holding },
  { weight: 1, arbitrary: nested },
);

const literal = fc.oneof(
  fc.constantFrom(
    'null',
    'true',
    'false',
    '0',
    '-0',
    '9007199254740993',
    '12345678901234567890123',
    '1e400',
    '-1.5E-7',
    '0.30000000000000004',
  ),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
);

const { node } = fc.letrec<{ node: Node; leaf: Node }>((tie) => ({
  leaf: fc.oneof(
    text.map((some): Node => ({ type: 'string', text: some })),
    literal.map((written): Node => ({ type: 'literal', written, secret: null })),
    fc.constantFrom(...cards).map((written): Node => ({ type: 'literal', written, secret: written })),
  ),
  node: fc.oneof(
    { maxDepth: 5, depthSize: 'small' },
    tie('leaf'),
    fc.array(tie('node'), { maxLength: 5 }).map((items): Node => ({ type: 'array', items })),
    fc
      .uniqueArray(fc.tuple(text, tie('node')), { maxLength: 5, selector: ([key]) => key.text })
      .map((members): Node => ({ type: 'object', members: members.map(([key, value]) => ({ key, value })) })),
  ),
}));

/** Messages of up to a few kilobytes; about one text in three holds a secret, and one in ten is nested deeply. */
export const randomMessage: fc.Arbitrary<RandomMessage> = fc
  .tuple(node, fc.infiniteStream(fc.nat(99)), fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 0, 150))
  .map(([root, choices, depth]) => {
    const planted: string[] = [];
    const json = write(root, planted, () => choices.next().value ?? 0);
    return { json: '['.repeat(depth) + json + ']'.repeat(depth), planted };
  });

type Choose = () => number;

function write(some: Node, planted: string[], choose: Choose): string {
  const gap = () => [' ', '\n  ', '\t', '\r\n'][choose() % 12] ?? '';
  switch (some.type) {
    case 'string':
      return writeText(some.text, planted, choose);
    case 'literal':
      if (some.secret !== null) planted.push(some.secret);
      return some.written;
    case 'array':
      return `[${gap()}${some.items.map((item) => write(item, planted, choose) + gap()).join(`,${gap()}`)}]`;
    case 'object':
      return `{${gap()}${some.members
        .map(({ key, value }) => `${writeText(key, planted, choose)}${gap()}:${gap()}${write(value, planted, choose)}`)
        .join(`,${gap()}`)}}`;
  }
}

/** Some texts are written as they come, some with a few escapes that were not needed, some with nothing else. */
function writeText({ text, secrets }: Text, planted: string[], choose: Choose): string {
  planted.push(...secrets);
  const eagerness = [0, 0, 0, 10, 100][choose() % 5] ?? 0;
  let written = '';
  for (const character of text)
    for (const unit of isLone(character) || eagerness > choose() ? character.split('') : [character])
      written += unit === '/' && choose() < 30 ? '\\/' : writeUnit(unit, eagerness > choose());
  return `"${written}"`;
}

const isLone = (character: string): boolean => /[\ud800-\udfff]/.test(character) && character.length === 1;

function writeUnit(unit: string, eager: boolean): string {
  if (unit.length === 1 && (eager || isLone(unit))) return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
  return JSON.stringify(unit).slice(1, -1);
}
