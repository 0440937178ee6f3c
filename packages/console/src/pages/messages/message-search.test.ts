import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { messageOf } from './message-fixture.ts';
import { filterCount, listInput, matches, parseMessageSearch } from './message-search.ts';

test('filters survive the way through the address', () => {
  const search = parseMessageSearch({
    server: 'everything',
    tool: 'echo',
    member: 'mem_1',
    method: 'tools/call',
    outcome: 'refused',
    redacted: 'yes',
    q: 'secret',
    from: '2026-01-01T00:00:00.000Z',
    open: 'msg_1',
  });
  assert.deepEqual(parseMessageSearch({ ...search }), search);
  assert.equal(filterCount(search), 8);
});

test('whatever stands in the address, the filters make sense', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('server', 'outcome', 'redacted', 'q', 'from', 'open'), fc.anything()),
      (raw) => {
        const search = parseMessageSearch(raw);
        assert.deepEqual(parseMessageSearch({ ...search }), search);
        if (search.from !== undefined) assert.equal(new Date(search.from).toISOString(), search.from);
        assert.ok(!Object.values(search).includes(''));
      },
    ),
  );
});

test('a tool named like a number stays a name', () => {
  assert.deepEqual(parseMessageSearch({ tool: 7, q: true }), { tool: '7', q: 'true' });
});

test('the hub is asked in its own terms, and never for the open message', () => {
  assert.deepEqual(listInput({ server: 'a', redacted: 'no', open: 'msg_1' }), { server: 'a', redacted: 'false' });
  assert.deepEqual(listInput({ outcome: 'trouble' }), { trouble: 'true' });
  assert.deepEqual(listInput({}), {});
});

test('trouble is a tool error, an error or a failure', () => {
  const outcomes = ['answered', 'tool_error', 'error', 'refused', 'failed', 'cancelled', 'sent'] as const;
  const fitting = outcomes.filter((outcome) => matches({ outcome: 'trouble' }, messageOf(1, { outcome })));
  assert.deepEqual(fitting, ['tool_error', 'error', 'failed']);
});

test('each filter keeps what fits and drops what does not', () => {
  const message = messageOf(1, {
    server: { id: 'srv_1', name: 'files' },
    target: 'read_file',
    method: 'tools/call',
    outcome: 'refused',
    redactions: 2,
    at: '2026-01-01T00:00:01.000Z',
  });
  const cases = [
    [{ server: 'files' }, { server: 'other' }],
    [{ server: 'srv_1' }, { server: 'srv_2' }],
    [{ tool: 'read_file' }, { tool: 'read' }],
    [{ member: message.member.id }, { member: 'mem_other' }],
    [{ method: 'tools/call' }, { method: 'tools/list' }],
    [{ outcome: 'refused' }, { outcome: 'answered' }],
    [{ redacted: 'yes' }, { redacted: 'no' }],
    [{ q: 'READ_f' }, { q: 'nowhere' }],
    [{ from: '2026-01-01T00:00:01.000Z' }, { from: '2026-01-01T00:00:02.000Z' }],
    [{ to: '2026-01-01T00:00:02.000Z' }, { to: '2026-01-01T00:00:01.000Z' }],
  ] as const;
  for (const [fits, doesNot] of cases) {
    assert.equal(matches(fits, message), true, JSON.stringify(fits));
    assert.equal(matches(doesNot, message), false, JSON.stringify(doesNot));
  }
});
