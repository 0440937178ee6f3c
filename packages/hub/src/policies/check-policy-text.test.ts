import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { loadInjection } from '../inspection/load-injection.ts';
import { checkPolicyText } from './check-policy-text.ts';
import { policyLibrary } from './library.ts';
import { writePolicyDocument } from './policy-file.ts';

const naming = {
  servers: [{ id: 'srv_1', name: 'warehouse' }],
  teams: [{ id: 'team_1', name: 'Data' }],
} as const;
const check = (text: string) => checkPolicyText(text, naming, loadInjection);
const head = 'name: A\nreason: r\nactions: [{ type: refuse }]\n';

/** What is wrong, each with the text that it points at. */
function wrongs(text: string): readonly [problem: string, at: string, line: number | null][] {
  const { policies, problems } = check(text);
  return [...problems, ...policies.flatMap((policy) => policy.problems)].map(({ problem, place }) => [
    problem,
    place === null ? '' : text.slice(place.start, place.end),
    place?.line ?? null,
  ]);
}

/** The first thing that is wrong with a condition, and what it points at. */
function ofCondition(condition: string, style: (text: string) => string = (text) => JSON.stringify(text)) {
  const [problem = '', at = ''] = wrongs(`${head}condition: ${style(condition)}\n`)[0] ?? [];
  return [problem, at] as const;
}

test('a sound text says what it means, with the ids of what it names', () => {
  const { policies, problems } = check(`${head}scope: { servers: [warehouse] }\npilot: [Data]\n`);
  assert.deepEqual(problems, []);
  assert.deepEqual(policies[0]?.problems, []);
  assert.deepEqual(policies[0]?.draft?.scope.servers, ['srv_1']);
  assert.deepEqual(policies[0]?.draft?.pilot, ['team_1']);
});

test('what is written wrong is told where it stands', () => {
  assert.deepEqual(wrongs(`${head}severty: high\n`), [['Nothing is called “severty” here.', 'severty', 4]]);
  assert.deepEqual(wrongs(`${head}scope: { servers: [nowhere] }\n`), [
    ['There is no server called “nowhere”.', 'nowhere', 4],
  ]);
  assert.deepEqual(wrongs('name: A\nactions: [{ type: refuse }]\n'), [['“reason” is missing.', 'name', 1]]);
  assert.match(wrongs(`${head}percentage: 200\n`)[0]?.[0] ?? '', /100/);
  assert.deepEqual(wrongs('name: A\nreason: r\nactions:\n  - type: redact\n    style: label\n')[0]?.slice(1), [
    'type: redact\n    style: label\n',
    4,
  ]);
  assert.equal(wrongs('name: [A')[0]?.[2], 1);
  assert.match(wrongs('')[0]?.[0] ?? '', /no policy/);
  assert.match(wrongs(`${head}---\n${head}`)[0]?.[0] ?? '', /twice/);
});

test('a condition is pointed into, however it is written', () => {
  const condition = 'tool.name == "drop" && tool.nome == 1';
  const styles: ((text: string) => string)[] = [
    (text) => JSON.stringify(text),
    (text) => `'${text}'`,
    (text) => text,
    (text) => `>-\n  ${text.replace('&& ', '&&\n  ')}`,
    (text) => `|-\n    ${text.replace('&& ', '&&\n    ')}`,
  ];
  for (const style of styles)
    assert.deepEqual(ofCondition(condition, style), ['There is no member “nome” here.', 'nome']);
});

test('a condition that cannot be right is refused with its place', () => {
  const wrong: readonly (readonly [condition: string, problem: RegExp, at: RegExp])[] = [
    ['arguments.x +', /stops too early/, /^$/],
    ['unknown.name == "a"', /no “unknown” here/, /^unknown$/],
    ['size', /true or false/, /^size$/],
    ['tool.name == 3', /do not go together: string == int/, /^tool\.name == 3$/],
    ['text.matches("(a+)+\\\\1")', /RE2/, /\(a\+\)/],
    ['text.matches(tool.name)', /written out/, /^tool\.name$/],
    [`text.matches("${'(a{1,500}){1,500}'.repeat(3)}")`, /RE2/, /a\{1,500/],
    [`${'('.repeat(500)}true${')'.repeat(500)}`, /nested too deeply/, /^$/],
  ];
  for (const [condition, problem, at] of wrong) {
    const [said, where] = ofCondition(condition);
    assert.match(said, problem, condition);
    assert.match(where, at, condition);
  }
});

test('what would cost too much when it runs is bounded, and its test says so', () => {
  const nested = 'texts(arguments).all(a, texts(arguments).all(b, texts(arguments).all(c, a + b + c != "x")))';
  const many = JSON.stringify(Array.from({ length: 200 }, (_, index) => `t${index}`));
  const { policies } = check(
    `${head}condition: ${JSON.stringify(nested)}\ntests:\n  - name: many\n    given: { arguments: { list: ${many} } }\n    expect: { outcome: not_matched }\n`,
  );
  assert.deepEqual(policies[0]?.problems, []);
  assert.match(policies[0]?.tests[0]?.failure ?? '', /too_costly/);
});

test('a division by zero counts as if it held, and its test says why', () => {
  const { policies } = check(
    `${head}condition: "1 / session.calls > 0"\ntests:\n  - name: at first\n    given: { tool: a }\n    expect: { outcome: not_matched }\n`,
  );
  const [test] = policies[0]?.tests ?? [];
  assert.match(test?.failure ?? '', /expected not_matched, but it was refused; the condition could not be evaluated/);
  assert.equal(test?.place?.line, 6);
});

test('a policy that stops everything is warned of, and may be saved', () => {
  const { policies } = check(head);
  assert.deepEqual(
    policies[0]?.problems.map(({ problem, isWarning }) => [problem, isWarning]),
    [['This stops every message of every server.', true]],
  );
});

test('repetitions by anchors do not become a mountain', () => {
  const keys = 'bcdefghijk';
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${[...keys].map((key, at) => `${key}: &${key} [${`*${`a${keys}`[at]},`.repeat(9)}]`).join('\n')}\n`;
  assert.notDeepEqual(wrongs(bomb), []);
});

test('every policy of the library is sound, and points at its tests', () => {
  for (const policy of policyLibrary()) {
    const text = writePolicyDocument(policy);
    const { policies, problems } = check(text);
    assert.deepEqual(problems, [], policy.name);
    assert.deepEqual(policies[0]?.problems, [], policy.name);
    for (const { name, failure, place } of policies[0]?.tests ?? []) {
      assert.equal(failure, null, `${policy.name}: ${name}`);
      assert.ok(text.slice(place?.start, place?.end).includes(name), `${policy.name}: ${name}`);
    }
  }
});

test('any text whatever is answered, and every place lies within it', () => {
  const piece = fc.constantFrom(
    'name: ',
    'A',
    '\n',
    '  ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    '"',
    "'",
    '&a',
    '*a',
    ': ',
    '|\n',
    'condition: ',
    'tool.name',
    'actions:',
    '\u{1f600}',
    '\0',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
      const text = pieces.join('');
      const { policies, problems } = check(text);
      for (const { place } of [...problems, ...policies.flatMap((policy) => policy.problems)])
        assert.ok(place === null || (place.start >= 0 && place.start <= place.end && place.end <= text.length));
    }),
    { numRuns: 300 },
  );
});
