import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MalformedMessage, type Message, memberAt, parseMessage } from './message.ts';

const strict = { maxDepth: 50, check: 'strict' } as const;
const structure = { maxDepth: 50, check: 'structure' } as const;

function parse(text: string, limits: Parameters<typeof parseMessage>[1] = strict): Message {
  return parseMessage(Buffer.from(text), limits);
}

function malformed(text: string | Buffer, limits: Parameters<typeof parseMessage>[1] = strict): string {
  try {
    parseMessage(Buffer.from(text), limits);
  } catch (error) {
    assert.ok(error instanceof MalformedMessage, String(error));
    return error.kind;
  }
  return 'read';
}

test('a request is read: kind, id, method, target and progress token', () => {
  const message = parse(
    '{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","arguments":{"a":1},"_meta":{"progressToken":"p1"}}}',
  );
  assert.equal(message.kind, 'request');
  assert.equal(message.id, 7);
  assert.equal(message.method, 'tools/call');
  assert.equal(message.target, 'echo');
  assert.ok(message.marks.arguments !== null && message.marks.progressToken !== null);
  assert.equal(message.textAt(message.marks.arguments), '{"a":1}');
  assert.equal(message.valueAt(message.marks.progressToken), 'p1');
});

const kinds: readonly (readonly [string, Message['kind'], Message['id']])[] = [
  ['{"jsonrpc":"2.0","id":"a","method":"ping"}', 'request', 'a'],
  ['{"jsonrpc":"2.0","method":"notifications/initialized"}', 'notification', null],
  ['{"jsonrpc":"2.0","id":-3,"result":{}}', 'result', -3],
  ['{"jsonrpc":"2.0","id":1,"result":null}', 'result', 1],
  ['{"jsonrpc":"2.0","id":1,"error":{"code":1,"message":"no"}}', 'error', 1],
  ['{"jsonrpc":"2.0","id":null,"error":{"code":1,"message":"no"}}', 'error', null],
  ['{"jsonrpc":"2.0","error":{"code":1,"message":"no"}}', 'error', null],
  ['{"jsonrpc":"2.0","id":1,"result":{},"error":null}', 'result', 1],
  ['{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1,"message":"no"}}', 'error', 1],
  ['{"jsonrpc":"2.0","id":1.0e1,"method":"ping"}', 'request', 10],
  ['{"json\\u0072pc":"\\u0032.0","i\\u0064":9007199254740991,"me\\u0074hod":"\\u0070ing"}', 'request', 2 ** 53 - 1],
  ['\n\t {"id" : "\\ud83d\\ude00" ,"jsonrpc" :\r"2.0", "method": "ping" } \n', 'request', '😀'],
];

for (const [text, kind, id] of kinds) {
  test(`${text.trim()} is read as ${kind}`, () => {
    for (const limits of [strict, structure]) {
      const message = parse(text, limits);
      assert.equal(message.kind, kind);
      assert.equal(message.id, id);
    }
  });
}

const refused: readonly (readonly [string | Buffer, string])[] = [
  ['', 'not_json'],
  ['{', 'not_json'],
  ['{"jsonrpc":"2.0","id":1,"method":"ping"', 'not_json'],
  ['{"jsonrpc":"2.0","id":1,"method":"ping"}}', 'not_json'],
  ['{"jsonrpc":"2.0","id":1,"method":"ping"} {"jsonrpc":"2.0","id":2,"method":"ping"}', 'not_json'],
  ['{"jsonrpc":"2.0",id:1,"method":"ping"}', 'not_json'],
  ["{'jsonrpc':'2.0','id':1,'method':'ping'}", 'not_json'],
  ['{"jsonrpc":"2.0","id":1,"method":"ping",}', 'not_json'],
  ['\ufeff{"jsonrpc":"2.0","id":1,"method":"ping"}', 'not_json'],
  [Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 'not_json'],
  ['null', 'not_jsonrpc'],
  ['"text"', 'not_jsonrpc'],
  ['12', 'not_jsonrpc'],
  ['[]', 'batch'],
  [' [{"jsonrpc":"2.0","id":1,"method":"ping"}]', 'batch'],
  ['{}', 'not_jsonrpc'],
  ['{"id":1,"method":"ping"}', 'not_jsonrpc'],
  ['{"jsonrpc":"1.0","id":1,"method":"ping"}', 'not_jsonrpc'],
  ['{"jsonrpc":2.0,"id":1,"method":"ping"}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","jsonrpc":"2.0","id":1,"method":"ping"}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":null,"method":"ping"}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":{},"method":"ping"}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":true,"method":"ping"}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1.5,"method":"ping"}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":9007199254740993,"method":"ping"}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1e400,"method":"ping"}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1,"method":5}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1,"method":"ping","meth\\u006fd":"tools/call"}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1,"method":"ping","result":{}}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1,"result":{},"error":{"code":1,"message":"both"}}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","result":{}}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":null,"result":{}}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","na\\u006de":"b"}}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"arguments":{},"arguments":{}}}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{},"_m\\u0065ta":{}}}', 'not_jsonrpc'],
  ['{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":{"progressToken":1,"progressToken":2}}}', 'not_jsonrpc'],
  [`{"jsonrpc":"2.0","id":1,"method":"ping","params":${'['.repeat(60)}${']'.repeat(60)}}`, 'too_deep'],
  [`{"jsonrpc":"2.0","id":1,"result":${'{"a":'.repeat(60)}1${'}'.repeat(60)}}`, 'too_deep'],
];

for (const [text, kind] of refused) {
  const shown = String(text).length > 120 ? `${String(text).slice(0, 120)}…` : String(text);
  test(`${JSON.stringify(shown)} is refused as ${kind}`, () => assert.equal(malformed(text), kind));
}

test('what is no JSON inside is refused where clients send it, and passes where servers do', () => {
  for (const broken of ['{"a":01}', '{"a":tru}', '{"a":"\\x"}', '["\u0001"]', '{"a":1,"b"}', '[1,,2]']) {
    const text = `{"jsonrpc":"2.0","id":1,"result":${broken}}`;
    assert.equal(malformed(text), 'not_json', text);
    assert.equal(malformed(text, structure), 'read', text);
    assert.throws(() => parse(text, structure).json, MalformedMessage);
  }
});

test('a member in other letters than the one that is judged is refused where clients send it, and passes elsewhere', () => {
  const call = (more: string): string => `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a"}${more}}`;
  for (const key of [
    'Method',
    'METHOD',
    'Id',
    'param\u017f',
    'Params',
    'Re\\u0073ult',
    'R\\u0065\\u017fult',
    'JsonRPC',
  ])
    assert.equal(malformed(call(`,"${key}":"tools/list"`)), 'not_jsonrpc', key);
  const asked = (method: string, params: string): string =>
    `{"jsonrpc":"2.0","id":1,"method":"${method}","params":${params}}`;
  const twofold: readonly (readonly [string, string])[] = [
    ['tools/call', '{"name":"a","Name":"b"}'],
    ['tools/call', '{"Name":"b"}'],
    ['tools/call', '{"name":"a","Argument\u017f":{}}'],
    ['prompts/get', '{"name":"a","n\\u0041me":"b"}'],
    ['resources/read', '{"uri":"a","URI":"b"}'],
    ['tasks/get', '{"taskId":"a","taskid":"b"}'],
    ['tasks/get', '{"taskId":"a","tas\u212aId":"b"}'],
    ['completion/complete', '{"ref":{},"Ref":{}}'],
    ['tools/call', '{"name":"a","_META":{}}'],
  ];
  for (const [method, params] of twofold) assert.equal(malformed(asked(method, params)), 'not_jsonrpc', params);
  const harmless: readonly (readonly [string, string])[] = [
    ['tools/call', '{"name":"a","arguments":{"Name":"b","name":"c"},"taskId":"t","URI":"u","näme":1}'],
    ['vendor/custom', '{"Name":"a","name":"b"}'],
    ['resources/read', '{"uri":"a","Name":"b"}'],
  ];
  for (const [method, params] of harmless) assert.equal(malformed(asked(method, params)), 'read', params);
  assert.equal(malformed('{"jsonrpc":"2.0","id":1,"result":{},"Method":"x"}', structure), 'read');
});

test('a large message is read as a small one is, and refused as one', () => {
  const padding = 'x'.repeat(100_000);
  const large = `{"jsonrpc":"2.0","id":1,"method":"a","params":{"é":"${padding}","n":[1.50]}}`;
  assert.deepEqual(parse(large).json, JSON.parse(large));
  for (const broken of ['nope', '01', '"\\x"', '[1,]'])
    assert.equal(malformed(large.replace('1.50', broken)), 'not_json', broken);
});

test('a scalar at a span is built, an object or array is not', () => {
  const message = parse(
    '{"jsonrpc":"2.0","id":1,"method":"a","params":{"s":"\\u0041","n":1.5,"t":true,"z":null,"o":{},"l":[]}}',
  );
  const { params } = message;
  assert.ok(params !== null);
  const at = (name: string) => {
    const span = memberAt(message.text, params, name);
    assert.ok(span !== null);
    return message.scalarAt(span);
  };
  assert.deepEqual(['s', 'n', 't', 'z', 'o', 'l'].map(at), ['A', 1.5, true, null, null, null]);
});

test('params that cannot be walked are refused at once, whoever sent them', () => {
  assert.equal(malformed('{"jsonrpc":"2.0","method":"x","params":{1:2}}', structure), 'not_json');
  assert.equal(malformed('{"jsonrpc":"2.0","method":"x","params":{"_meta":1 2}}', structure), 'not_json');
});

test('members of params that only look like marks are none', () => {
  const message = parse(
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"target":"a","meta":{},"progressToken":3}}',
  );
  assert.deepEqual(message.marks, { target: null, arguments: null, meta: null, progressToken: null, requestId: null });
  assert.equal(message.target, null);
});

test('each method has the target that goes by its own member', () => {
  const of = (method: string) => parse(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })).target;
  const params = { name: 'n', uri: 'u', taskId: 't' };
  assert.equal(of('tools/call'), 'n');
  assert.equal(of('prompts/get'), 'n');
  assert.equal(of('resources/read'), 'u');
  assert.equal(of('resources/subscribe'), 'u');
  assert.equal(of('tasks/get'), 't');
  assert.equal(of('something/else'), 'n');
});

test('a target that is no string names nothing', () => {
  for (const name of ['5', 'null', '{}', '["echo"]']) {
    assert.equal(parse(`{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":${name}}}`).target, null);
  }
});

test('a cancelled notification says which request, a progress notification which token', () => {
  const cancelled = parse('{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"r"}}');
  assert.ok(cancelled.marks.requestId !== null);
  assert.equal(cancelled.valueAt(cancelled.marks.requestId), 'r');
  const progress = parse('{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":4}}');
  assert.ok(progress.marks.progressToken !== null);
  assert.equal(progress.valueAt(progress.marks.progressToken), 4);
});

test('the value of a message is what JSON says, and its text what came', () => {
  const text = '{"jsonrpc":"2.0","id":1,"result":{"big":12345678901234567890.10,"é":"\\u00e9"}}';
  const message = parse(text);
  assert.deepEqual(message.json, JSON.parse(text));
  assert.ok(message.result !== null);
  assert.equal(message.textAt(message.result), '{"big":12345678901234567890.10,"é":"\\u00e9"}');
});

const spaces = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
// No backslashes: JSON.parse of V8 14.6, with which these tests compare, takes the key of `{"":1,"\\"":2}` for a backslash
// once it has seen an object with such a key.
const key = fc.oneof(
  fc.constantFrom('name', 'uri', '_meta', 'a', '', '"', '\u0000', 'é', '😀'),
  fc.string().map((text) => text.replaceAll('\\', '/')),
);
const leaf = fc.oneof(
  fc.constantFrom('null', 'true', '-0', '1e999', '12345678901234567890', '0.10', '{}', '[ ]'),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
);
/** JSON text of any shape, with odd space and with letters written as escapes. */
const { value } = fc.letrec<{ value: string }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc
      .array(fc.tuple(spaces, tie('value'), spaces), { maxLength: 4 })
      .map((items) => `[${items.map((item) => item.join('')).join(',')}]`),
    fc
      .uniqueArray(fc.tuple(key, tie('value'), spaces, spaces, fc.boolean()), {
        maxLength: 4,
        selector: ([name]) => name,
      })
      .map((members) => `{${members.map(memberText).join(',')}}`),
  ),
}));

function memberText([name, text, before, after, escaped]: [string, string, string, string, boolean]): string {
  return `${before}${escaped ? escapedText(name) : JSON.stringify(name)}${after}:${before}${text}${after}`;
}

function escapedText(text: string): string {
  return `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
}

const id = fc.oneof(
  fc.maxSafeInteger().map(String),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
);
const name = fc.constantFrom('tools/call', 'resources/read', 'x', 'notifications/progress', 'é');

const messageText = fc
  .record({
    id,
    method: name,
    value,
    shape: fc.constantFrom('request', 'notification', 'result', 'error'),
    extra: fc.option(value),
    order: fc.nat(23),
    space: spaces,
    escaped: fc.boolean(),
  })
  .map(({ id, method, value, shape, extra, order, space, escaped }) => {
    const members: [string, string][] = [['jsonrpc', '"2.0"']];
    if (shape !== 'notification') members.push(['id', id]);
    if (shape === 'request' || shape === 'notification')
      members.push(['method', JSON.stringify(method)], ['params', value]);
    if (shape === 'result') members.push(['result', value]);
    if (shape === 'error') members.push(['error', value === 'null' ? '{}' : value]);
    if (extra !== null) members.push(['extra', extra]);
    for (let i = 0; i < order; i++) members.push(...members.splice(i % members.length, 1));
    const text = members.map(([member, of]) => memberText([member, of, space, space, escaped])).join(',');
    return { shape, text: `${space}{${text}}${space}` };
  });

test('any JSON-RPC message is read as what it is, whatever its space, order and escapes', () => {
  fc.assert(
    fc.property(messageText, fc.constantFrom(strict, structure), ({ shape, text }, limits) => {
      const raw = Buffer.from(text);
      const expected = JSON.parse(raw.toString()) as Record<string, unknown>;
      const message = parseMessage(raw, limits);
      assert.equal(message.kind, shape);
      assert.equal(message.raw, raw);
      assert.equal(message.method ?? undefined, expected['method']);
      if (shape !== 'notification') assert.equal(message.id, expected['id']);
      for (const member of ['params', 'result', 'error'] as const) {
        const span = message[member];
        if (span !== null) assert.deepEqual(message.valueAt(span), expected[member]);
        else assert.ok(!(member in expected));
      }
      assert.deepEqual(message.json, expected);
    }),
    { numRuns: 500 },
  );
});

test('under another id a message is what reading its new bytes would give, and nothing else changed', () => {
  fc.assert(
    fc.property(messageText, id, ({ text, shape }, other) => {
      const message = parse(text);
      const moved = message.withId(other);
      const again = parseMessage(moved.raw, strict);
      for (const member of ['kind', 'id', 'idSpan', 'method', 'params', 'result', 'error', 'marks', 'text'] as const)
        assert.deepEqual(moved[member], again[member]);
      assert.equal(moved.target, again.target);
      if (shape === 'notification') assert.equal(moved, message);
      else assert.deepEqual(again.json, { ...message.json, id: JSON.parse(other) });
    }),
    { numRuns: 300 },
  );
});

test('random bytes and damaged messages are refused as malformed, and never break the reader', () => {
  const damage = fc.array(fc.tuple(fc.nat(), fc.oneof(fc.nat(255), fc.constantFrom(...Buffer.from('"\\{}[],: 0')))), {
    minLength: 1,
    maxLength: 4,
  });
  const damaged = fc.tuple(messageText, damage, fc.nat(6)).map(([{ text }, hits, cut]) => {
    const raw = Buffer.from(text);
    for (const [at, byte] of hits) raw[at % raw.length] = byte;
    return cut === 0 ? raw.subarray(0, raw.length >> 1) : raw;
  });
  const random = fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof(damaged, random), fc.constantFrom(strict, structure), (raw, limits) => {
      if (malformed(raw, limits) !== 'read') return;
      const message = parseMessage(raw, limits);
      void [message.target, message.marks];
      if (limits === strict) assert.equal(typeof message.json, 'object');
      try {
        for (const span of [message.params, message.result, message.error]) {
          if (span !== null) memberAt(message.text, span, 'name');
        }
        void message.json;
      } catch (error) {
        assert.ok(error instanceof MalformedMessage, String(error));
      }
    }),
    { numRuns: 2000 },
  );
});

test('a message at the deepest level allowed is read, one level more is refused', () => {
  const nested = (levels: number): string =>
    `{"jsonrpc":"2.0","id":1,"result":${'['.repeat(levels)}${']'.repeat(levels)}}`;
  assert.equal(malformed(nested(49)), 'read');
  assert.equal(malformed(nested(50)), 'too_deep');
  assert.equal(malformed(nested(200_000)), 'too_deep');
});

test('what is strictly read is JSON, however long its strings are and wherever it was damaged', () => {
  const long = (letter: string) => `${letter.repeat(66_000)}\\"\\\\\\n\\u00e9`;
  const texts = [
    `{"jsonrpc":"2.0","id":1,"method":"x","params":{"a":["${long('a')}",{"b":"${long('b')}b"}],"c":1}}`,
    `{"jsonrpc":"2.0","${long('k')}":[1, true ,"\\""],"id":"x","method":"y"}`,
  ].map((text) => Buffer.from(text));
  const damage = fc.tuple(fc.nat(), fc.constantFrom(...'"\\,:{}[]x1 \n\0'), fc.nat(2));
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(damage, { maxLength: 3 }), fc.boolean(), (text, damages, near) => {
      let raw = text;
      for (const [place, char, cut] of damages) {
        const at = near && place % 2 === 0 ? raw.indexOf('"', place % raw.length) : place % raw.length;
        if (at >= 0) raw = Buffer.concat([raw.subarray(0, at), Buffer.from(char), raw.subarray(at + cut)]);
      }
      if (malformed(raw) === 'read') assert.doesNotThrow(() => JSON.parse(raw.toString()));
      else assert.notEqual(raw, text);
    }),
    { numRuns: 500 },
  );
});
