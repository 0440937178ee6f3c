import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Grant, unconditional } from './access.ts';
import { compileCondition } from './compile-condition.ts';
import type { Attempt } from './condition.ts';
import { explainAccess, type Question } from './explain-access.ts';
import { reachOf } from './reach.ts';
import { builtInRoles } from './role.ts';

const transport = { type: 'streamable-http', url: 'https://files.example.com/mcp', headers: {} } as const;
const server = { id: 'srv_a', name: 'files', transport } as const;
const noon = Date.parse('2026-11-20T12:00:00Z');
const attempt: Attempt = {
  caller: { member: 'mem_1', email: 'ada@example.com', role: 'member', teams: ['team_1'] },
  server,
  kind: 'tool',
  name: 'read',
  now: noon,
  address: '10.1.2.3',
  client: 'cursor/1.2',
  arguments: () => ({ path: '/public/a', depth: 3 }),
};
const grant: Grant = { ...unconditional, id: 'grt_1', subject: { type: 'member', id: 'mem_1' }, server: 'srv_a' };

test('conditions speak of who asks, for what, from where, when, and with which arguments', () => {
  const table: readonly (readonly [condition: string, needsArguments: boolean, holds: boolean])[] = [
    ['caller.email.endsWith("@example.com")', false, true],
    ['"team_1" in caller.teams && caller.kind == "member"', false, true],
    ['"team_2" in caller.teams', false, false],
    ['in_network(network.ip, "10.0.0.0/8")', false, true],
    ['in_network(network.ip, "192.168.0.0/16")', false, false],
    ['now.getHours("Europe/Berlin") >= 8 && now.getHours("Europe/Berlin") < 18', false, true],
    ['now.getHours("Asia/Tokyo") < 18', false, false],
    ['now.getDayOfWeek() >= 1 && now.getDayOfWeek() <= 5', false, true],
    ['client.name == "cursor"', false, true],
    ['server.name == "files" && server.host == "files.example.com"', false, true],
    ['tool.name == "read" && target == "read"', false, true],
    ['tool.classification == "read"', false, false],
    ['arguments.path.startsWith("/public/")', true, true],
    ['arguments.depth < 3', true, false],
  ];
  for (const [text, needsArguments, holds] of table) {
    const condition = compileCondition(text);
    assert.deepEqual([condition.needsArguments, condition.holds(attempt)], [needsArguments, holds], text);
  }
});

test('conditions speak of what a server says of its tool, and assume nothing good of one that is not known', () => {
  const described = { description: '', destructive: false, idempotent: true, openWorld: false, fingerprint: 'f' };
  const tool = (name: string) =>
    name === 'read' ? { ...described, name, readOnly: true, firstSeen: noon - 60_000 } : null;
  const asked = { ...attempt, tool, teamNames: () => ['Core'] };
  for (const [text, ofRead, ofOther] of [
    ['tool.classification == "read"', true, false],
    ['tool.known && tool.age >= 60', true, false],
    ['tool.destructive', false, true],
    ['"Core" in caller.teams', true, true],
  ] as const) {
    const condition = compileCondition(text);
    assert.deepEqual([condition.holds(asked), condition.holds({ ...asked, name: 'other' })], [ofRead, ofOther], text);
    assert.equal(condition.needsArguments, false);
  }
});

test('what a grant cannot know, and what is no condition, is refused when it is made', () => {
  for (const text of ['result.ok == true', 'session.calls < 3', 'findings.size() == 0', 'size < 10', 'text == ""']) {
    assert.throws(() => compileCondition(text), { code: 'invalid_params', message: /not known before a call/ }, text);
  }
  for (const text of ['', 'caller.', 'caller.emial == "x"', '"text"', '1', 'nobody == 1', 'arguments.a ==']) {
    assert.throws(() => compileCondition(text), { code: 'invalid_params', message: /^condition: / }, text);
  }
});

test('a condition that cannot be evaluated opens nothing: it does not allow, and it does deny', () => {
  const broken = ['arguments.no.such == 1', 'caller.teams[7] == "x"', '1 / (arguments.depth - 3) == 1'];
  for (const condition of broken) {
    const allowed = reachOf(false, [{ ...grant, condition }]);
    assert.equal(allowed?.decide(attempt).allowed, false, condition);
    const denied = reachOf(false, [grant, { ...grant, id: 'grt_2', effect: 'deny', condition }]);
    assert.equal(denied?.decide(attempt).allowed, false, condition);
    const anyway = reachOf(true, [{ ...grant, id: 'grt_2', effect: 'deny', condition }]);
    assert.equal(anyway?.decide(attempt).allowed, false, condition);
  }
  const unreadable = { ...grant, condition: 'was understood by another version' };
  assert.equal(reachOf(false, [unreadable])?.decide(attempt).allowed, false);
  assert.equal(reachOf(false, [grant, { ...unreadable, effect: 'deny' }])?.decide(attempt).allowed, false);
  assert.equal(reachOf(false, [unreadable])?.lists(attempt), false);
});

test('a condition that would cost too much counts as one that cannot be evaluated', () => {
  const list = { items: Array.from({ length: 3000 }, (_, at) => at) };
  const costly = 'arguments.items.all(a, arguments.items.all(b, arguments.items.all(c, a + b + c >= 0)))';
  const asked = { ...attempt, arguments: () => list };
  assert.equal(reachOf(false, [{ ...grant, condition: costly }])?.decide(asked).allowed, false);
  assert.equal(reachOf(false, [grant, { ...grant, effect: 'deny', condition: costly }])?.decide(asked).allowed, false);
});

test('listings show what a call could be allowed, and hide what is closed at this moment', () => {
  const lists = (...grants: readonly Partial<Grant>[]) => {
    const reach = reachOf(
      false,
      grants.map((more, at) => ({ ...grant, id: `grt_${at}` as const, ...more })),
    );
    return [reach?.lists(attempt), reach?.changes];
  };
  const here = 'in_network(network.ip, "10.0.0.0/8")';
  const elsewhere = 'in_network(network.ip, "192.168.0.0/16")';
  const argument = 'arguments.path == "/private"';
  assert.deepEqual(lists({ condition: here }), [true, true]);
  assert.deepEqual(lists({ condition: elsewhere }), [false, true]);
  assert.deepEqual(lists({ condition: argument }), [true, false], 'what it says is not known yet');
  assert.deepEqual(lists({}, { effect: 'deny', condition: argument }), [true, false]);
  assert.deepEqual(lists({}, { effect: 'deny', condition: here }), [false, true]);
  assert.deepEqual(lists({}, { effect: 'deny', condition: elsewhere }), [true, true]);
});

test('who has a grant is told which condition did not hold, by its reason and never by its text', () => {
  const reach = reachOf(false, [
    { ...grant, condition: 'network.ip == "203.0.113.9"', reason: 'only from the office' },
  ]);
  const decision = reach?.decide(attempt);
  assert.ok(decision?.allowed === false && !decision.isUnknown);
  assert.equal(decision.because, 'grt_1 allows it under a condition that does not hold: only from the office');
  assert.deepEqual(
    [reach?.opens(attempt).allowed, reach?.opens({ ...attempt, address: '203.0.113.9' }).allowed],
    [false, true],
  );
});

test('an explanation tells of every condition whether it holds, and agrees with the decision', () => {
  const conditions = [
    'arguments.path == "/public/a"',
    'arguments.x.y == 1',
    'caller.role == "member"',
    'caller.role == "x"',
  ];
  const drawn = fc.array(
    fc.record({
      effect: fc.constantFrom('allow' as const, 'allow' as const, 'deny' as const),
      tools: fc.option(fc.subarray(['read', 'write'], { minLength: 1 })),
      condition: fc.option(fc.constantFrom(...conditions)),
    }),
    { maxLength: 4 },
  );
  const member: Question['member'] = {
    ...attempt.caller,
    permissions: builtInRoles.member.permissions,
    name: 'Ada',
    roleName: 'Member',
    isDisabled: false,
  };
  fc.assert(
    fc.property(drawn, fc.boolean(), (all, isOpen) => {
      const grants = all.map((more, at) => ({ ...grant, ...more, id: `grt_${at}` as const }));
      const reach = reachOf(false, grants);
      const explained = explainAccess({
        member,
        server: { ...server, isEnabled: true },
        item: { kind: 'tool', name: 'read' },
        arguments: isOpen ? undefined : attempt.arguments(),
        circumstances: attempt,
        grants,
      });
      const expected = isOpen ? reach?.lists(attempt) : reach?.decide(attempt).allowed;
      assert.equal(explained.allowed, expected ?? false);
      for (const { condition, id } of grants) {
        const step = explained.steps.find((each) => each.grant === id);
        assert.equal(step?.text.includes(condition ?? '.'), true);
      }
      const isDenied = explained.steps.some(({ about, speaksFor }) => about === 'deny' && !speaksFor);
      if (explained.allowed && !isOpen) assert.equal(isDenied, false);
    }),
  );
});
