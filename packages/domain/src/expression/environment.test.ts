import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { Budget } from './budget.ts';
import type { Evaluation, Expression } from './environment.ts';
import { needsReading, readableValue } from './json-value.ts';
import { messageEnvironment } from './message-environment.ts';
import type { MessageValues } from './message-variables.ts';
import { messageValues } from './testing/message-values.ts';

function compiled(source: string): Expression {
  const compilation = messageEnvironment.compile(source);
  assert.ok(compilation.ok, compilation.ok ? '' : `${source}: ${compilation.problems[0]?.message}`);
  return compilation.expression;
}

function evaluated(source: string, values: Partial<MessageValues> = {}, units?: number): Evaluation {
  const bound = messageEnvironment.bind(messageValues(values));
  return compiled(source).evaluate(bound, new Budget(1_000, units));
}

function problem(source: string) {
  const compilation = messageEnvironment.compile(source);
  assert.ok(!compilation.ok, `${source} should not compile`);
  const [first] = compilation.problems;
  assert.ok(first);
  return first;
}

test('conditions read what is declared, with its types', () => {
  const table: readonly (readonly [string, boolean])[] = [
    ['caller.role == "member" && "Research" in caller.teams', true],
    ['tool.destructive', false],
    ['!tool.destructive && tool.classification == "read"', true],
    ['arguments.limit == 5', true],
    ['arguments.limit > 4.5 && arguments.limit < 6', true],
    ['arguments.path.startsWith("/etc")', false],
    ['arguments.?absent.orValue("") == ""', true],
    ['has(arguments.path) && !has(arguments.absent)', true],
    ['arguments.path in ["a", "/home/ada/notes.txt"]', true],
    ['size(arguments.path) > 3 && size > 100', true],
    ['tool.age > 3600', true],
    ['tool.known', true],
    ['!tool.known || tool.age < 60', false],
    ['now.getHours("Europe/Berlin") == 13 && now.getDayOfWeek("Asia/Tokyo") == 1', true],
    ['in_network(network.ip, "10.0.0.0/8") && !in_network(network.ip, "192.168.0.0/16")', true],
    ['["a", "b"].exists(x, x == target) || client.name.matches("^claude")', true],
  ];
  for (const [source, expected] of table) {
    const said = evaluated(source);
    assert.ok(said.ok, source);
    assert.equal(said.value, expected, source);
  }
});

test('what is wrong is said with its place and what was expected', () => {
  const table: readonly (readonly [string, number, RegExp])[] = [
    ['tools.name == "x"', 1, /no “tools” here\. Did you mean “tool”\?/],
    ['tool.nam == "x"', 6, /no member “nam”/],
    ['tool.name + 1 == 2', 1, /string \+ int/],
    ['tool.name', 1, /must be true or false.*string/],
    ['1 +', 4, /stops too early/],
    ['tool.name.startWith("a")', 1, /no such function.*startWith/],
    ['', 1, /no condition/],
    ['arguments.a.matches("(?=a)")', 21, /not one that RE2 knows.*looking ahead/],
    ['arguments.a.matches("(")', 21, /missing closing/],
    ['arguments.a.matches("(a{1000}){9}")', 21, /repeat|large/],
    ['arguments.a.matches(tool.name)', 21, /written out/],
    ['cel.bind(a, text, a + a == a)', 1, /cannot be given names/],
    [`${'('.repeat(60)}true${')'.repeat(60)}`, 41, /nested too deeply/],
    [`tool.name == "${'x'.repeat(9_000)}"`, 8_001, /at most 8000/],
    [`[${'1,'.repeat(600)}1].size() > 1`, 1, /too long/],
  ];
  for (const [source, column, message] of table) {
    const said = problem(source);
    assert.match(said.message, message, source.slice(0, 60));
    if (!/too long|too deeply/.test(said.message)) assert.equal(said.column, column, source.slice(0, 60));
  }
  assert.deepEqual(
    { ...problem('true &&\n  nobody == 1'), message: '' },
    { message: '', start: 10, end: 16, line: 2, column: 3 },
  );
});

test('every declared value can be read, with the type it is declared with', () => {
  for (const [name, declared] of Object.entries(messageEnvironment.variables))
    for (const path of 'fields' in declared
      ? Object.keys(declared.fields).map((field) => `${name}.${field}`)
      : [name]) {
      assert.deepEqual(evaluated(`${path} == ${path}`), { ok: true, value: true }, path);
    }
});

test('a condition that is false says which part of it was', () => {
  const source = 'tool.read_only && arguments.path.startsWith("/etc") && true';
  assert.deepEqual(evaluated(source), { ok: true, value: false, part: 1 });
  const part = compiled(source).parts[1];
  assert.equal(part?.source, 'arguments.path.startsWith("/etc")');
  assert.equal(source.slice(part?.start, part?.end), part?.source);
});

test('brackets may stand around whatever they like', () => {
  for (const [source, value] of [
    ['!(method == "no")', true],
    ['!(method == "no" || tool.name == "x") && true', true],
    ['true && ! ( method == "no" )', true],
    ['!((method == "no"))', true],
    ['((!(method == "no")) && (true))', true],
    ['(tool.name) == (")") || !(false)', true],
    ['!(!(!(method == "no") && true)) && !(false)', true],
    ['(method == "no" ? (true) : (false)) && !(true)', false],
    ['!(("(" + tool.name) == ("("))', true],
  ] as const) {
    const said = evaluated(source);
    assert.ok(said.ok, source);
    assert.equal(said.value, value, source);
  }
  assert.equal(compiled('true && !(method == "no" || false)').parts[1]?.source, '!(method == "no" || false)');
});

test('only what a condition reads is asked for', () => {
  const values = { ...messageValues() };
  Object.defineProperty(values, 'arguments', { get: () => assert.fail('nobody asked for the arguments') });
  const said = compiled('tool.name == "read"').evaluate(messageEnvironment.bind(values), new Budget(10));
  assert.deepEqual(said, { ok: true, value: true });
  assert.deepEqual([...compiled('tool.name == "a" || has(arguments.b)').reads].toSorted(), ['arguments', 'tool']);
});

test('what goes wrong while evaluating is a value, and tells what is absent from what failed', () => {
  const kind = (source: string, values?: Partial<MessageValues>) => {
    const said = evaluated(source, values);
    return said.ok ? said.value : said.error.kind;
  };
  assert.equal(kind('arguments.absent == 1'), 'absent');
  assert.equal(kind('arguments.absent.deeper.matches("a")'), 'absent');
  assert.equal(kind('[1, 2][5] == 1'), 'absent');
  assert.equal(kind('1 / 0 == 1'), 'failed');
  assert.equal(kind('1 % 0 == 1'), 'failed');
  assert.equal(kind('9223372036854775807 + 1 > 0'), 'failed');
  assert.equal(kind('arguments.path > 5'), 'failed');
  assert.equal(kind('arguments.path'), 'failed');
  assert.equal(kind('now.getHours("Nowhere/Town") == 1'), 'failed');
  assert.equal(kind('arguments.limit.matches("5")'), 'failed');
  assert.equal(kind('1 / 0 == 1 && false'), false, 'as CEL has it, what is false anyhow stays false');
  assert.equal(kind('1 / 0 == 1 || true'), true);
  const leaky = evaluated('arguments.secret > 5', { arguments: { secret: 'hunter2' } });
  assert.ok(!JSON.stringify(leaky).includes('hunter2'));
});

test('members called constructor or __proto__ are members like others', () => {
  const hostile: unknown = JSON.parse(
    '{"constructor":{"name":"Ferrari"},"__proto__":{"admin":true},"list":[{"constructor":1}]}',
  );
  const values = { arguments: readableValue(hostile) };
  assert.deepEqual(evaluated('arguments.constructor.name == "Ferrari"', values), { ok: true, value: true });
  assert.deepEqual(evaluated('arguments.list[0].constructor == 1', values), { ok: true, value: true });
  assert.equal(evaluated('arguments.admin == true', values).ok, false);
  assert.equal(evaluated('arguments.toString == "x"').ok, false);
  assert.deepEqual(['{"a":1}', '{"constructor":1}', '{"c\\u006fnstructor":1}'].map(needsReading), [false, true, true]);
});

test('loops within loops, patterns and doubling are cut short', () => {
  const items = Array.from({ length: 5_000 }, (_, index) => index);
  const values = { arguments: { items, text: 'a'.repeat(1_000_000) } };
  for (const source of [
    'arguments.items.all(x, arguments.items.all(y, arguments.items.all(z, z >= 0)))',
    'arguments.items.exists(x, arguments.items.exists(y, y < 0))',
    'arguments.items.exists_one(x, arguments.items.exists_one(y, y < 0))',
    'arguments.items.map(x, arguments.items.map(y, y)).size() > 1',
    'arguments.items.filter(x, arguments.items.filter(y, y > x).size() > 0).size() > 1',
    'arguments.items.all(x, arguments.text.contains("b") || true)',
    'arguments.items.all(x, arguments.text.matches("(a+)+$"))',
    'arguments.items.all(x, arguments == arguments && arguments.items == arguments.items)',
    `["${'x'.repeat(1_000)}"]${'.map(x, x + x)'.repeat(14)}.size() == 1`,
    'arguments.items.all(x, hosts(arguments).size() == 0)',
    'arguments.text.split("").size() == 1',
  ]) {
    const bound = messageEnvironment.bind(messageValues(values));
    const said = compiled(source).evaluate(bound, new Budget(1_025_000));
    assert.ok(!said.ok, source);
    assert.equal(said.error.kind, 'too_costly', source);
  }
});

test('the conditions of one message share what they may cost', () => {
  const bound = messageEnvironment.bind(messageValues({ arguments: { items: [1, 2, 3, 4, 5] } }));
  const budget = new Budget(10, 12);
  const expression = compiled('arguments.items.all(x, x > 0)');
  assert.equal(expression.evaluate(bound, budget).ok, true);
  const second = expression.evaluate(bound, budget);
  assert.ok(!second.ok && second.error.kind === 'too_costly');
});

test('hosts and texts see into every corner of a value', () => {
  const values = {
    arguments: { a: ['see HTTPS://User:pw@Evil.Example:8443/x and http://[::1]/'], b: { c: 'no link', d: 5 } },
  };
  assert.deepEqual(evaluated('hosts(arguments) == ["evil.example", "::1"]', values), { ok: true, value: true });
  assert.deepEqual(evaluated('texts(arguments).size() == 2', values), { ok: true, value: true });
  assert.deepEqual(evaluated('host_matches("a.b.example.com", "*.example.com")'), { ok: true, value: true });
  assert.equal(evaluated('host_matches("evilexample.com", "*.example.com")').ok, true);
  assert.deepEqual(evaluated('host_matches("evilexample.com", "*.example.com")'), { ok: true, value: false, part: 0 });
});

test('whatever is written and whatever the message holds, nothing is thrown', () => {
  const word = fc.constantFrom(
    'tool.name',
    'arguments',
    'arguments.a',
    '"x"',
    '1',
    '0',
    '-1',
    'true',
    '[1, 2]',
    '{"a": 1}',
    '==',
    '&&',
    '||',
    '!',
    '+',
    '/',
    '(',
    ')',
    '.exists(x, x == 1)',
    '.matches("a*")',
    '.size()',
    'in',
    '?',
    ':',
    'findings',
    'now',
    '.getHours()',
    'null',
    '\u0000',
    '.?a',
  );
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.jsonValue(), (words, json) => {
      const compilation = messageEnvironment.compile(words.join(' '));
      if (!compilation.ok) return assert.ok(compilation.problems.length > 0);
      const bound = messageEnvironment.bind(messageValues({ arguments: json }));
      compilation.expression.evaluate(bound, new Budget(100));
    }),
    { numRuns: 2_000 },
  );
});
