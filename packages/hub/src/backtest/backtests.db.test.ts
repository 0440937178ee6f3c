import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { MessageTrace } from '@mcpvault/domain/policy/rule-trace';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import { createTestHub } from '../testing/test-hub.ts';
import { recordMessages } from './testing/record-messages.ts';

const hub = await createTestHub();
after(() => hub.stop());

const range = { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' };
const start = Date.UTC(2026, 0, 5);

async function run(organization: Awaited<ReturnType<typeof hub.addOrganization>>, draft: object, more: object = {}) {
  const admin = await hub.addMember(organization, 'admin', true);
  const begun = await hub.execute('startBacktest', { policy: draft as never, ...range, ...more }, admin);
  for (;;) {
    const now = await hub.execute('getBacktest', { id: begun.id }, admin);
    if (now.state !== 'running') return now;
    await new Promise(setImmediate);
  }
}

const refuses = { name: 'No dropping', reason: 'r', actions: [{ type: 'refuse' }], condition: 'tool.name == "drop"' };

test('a draft is run over what was recorded: what it would do, newly and no longer, to whom, with examples', async () => {
  const organization = await hub.addOrganization();
  const member = await hub.addMember(organization, 'member');
  const edit: Edit = { start: 1, end: 2, replacement: '', layer: 'hub', policy: 'pol_x', reason: '', detector: null };
  const then: MessageTrace = { call: { rules: ['pol_old@1+refuse'] } };
  await recordMessages(hub, organization, [
    { at: start, member: member.id, tool: 'drop', arguments: { table: 'a' } },
    {
      at: start + 1,
      member: member.id,
      tool: 'read',
      arguments: {},
      answer: { content: [{ type: 'text', text: 'x' }] },
    },
    { at: start + 2, member: member.id, tool: 'drop', arguments: {}, outcome: 'refused', judged: then },
    { at: start + 3, member: member.id, tool: 'old', arguments: {}, outcome: 'refused', judged: then },
    { at: start + 4, member: member.id, tool: 'drop', arguments: { a: 1 }, requestEdits: [edit] },
    { at: start - 40 * 86_400_000, member: member.id, tool: 'drop', arguments: {} },
  ]);
  const plain = await run(organization, refuses);
  assert.deepEqual([plain.state, plain.total, plain.judged, plain.unreadable], ['done', 5, 5, 0]);
  assert.deepEqual(plain.would, { refused: 3, held: 0, edited: 0, alerted: 0, allowed: 0 });
  assert.equal(plain.newly, 1);
  assert.deepEqual(plain.tools, [{ server: 'one', tool: 'drop', messages: 3 }]);
  assert.deepEqual(
    plain.members.map(({ member: id, messages }) => [id, messages]),
    [[member.id, 3]],
  );
  assert.deepEqual(
    plain.examples.map(({ outcome, change }) => [outcome, change]),
    [
      ['refused', 'newly'],
      ['refused', 'same'],
      ['refused', 'same'],
    ],
  );
});

test('edits are told by their places, and results are judged too', async () => {
  const organization = await hub.addOrganization();
  const member = await hub.addMember(organization, 'member');
  const answer = { content: [{ type: 'text', text: 'write to ada@example.com' }] };
  await recordMessages(hub, organization, [{ at: start, member: member.id, tool: 'read', arguments: {}, answer }]);
  const draft = {
    ...refuses,
    condition: null,
    detectors: ['email'],
    actions: [{ type: 'redact', style: 'label' }, { type: 'alert' }],
  };
  const { would, examples } = await run(organization, draft);
  assert.deepEqual(would, { refused: 0, held: 0, edited: 1, alerted: 1, allowed: 0 });
  assert.equal(examples[0]?.side, 'result');
  assert.equal(examples[0]?.edits[0]?.replacement, '[redacted:email]');
  assert.ok(!JSON.stringify(examples).includes('ada@example.com'));
});

test('labels that the draft itself gives are remembered along a conversation', async () => {
  const organization = await hub.addOrganization();
  const member = await hub.addMember(organization, 'member');
  const said = (at: number, tool: string) => ({ at: start + at, member: member.id, tool, arguments: {}, answer: {} });
  await recordMessages(hub, organization, [said(0, 'send'), said(1, 'read'), said(2, 'send')]);
  const draft = {
    ...refuses,
    condition: 'direction == "result" ? tool.name == "read" : "private" in session.labels',
    actions: [{ type: 'tag', tags: ['private'], of: 'session' }, { type: 'alert' }],
  };
  const { would } = await run(organization, draft);
  assert.equal(would.allowed, 2, 'the reading, and what came after it');
});

test('another organization’s messages are not read, and its backtests are not found', async () => {
  const organization = await hub.addOrganization();
  const other = await hub.addOrganization();
  const member = await hub.addMember(other, 'member');
  await recordMessages(hub, other, [{ at: start, member: member.id, tool: 'drop', arguments: {} }]);
  const found = await run(organization, refuses);
  assert.equal(found.judged, 0);
  const stranger = await hub.addMember(other, 'admin', true);
  await assert.rejects(hub.execute('getBacktest', { id: found.id }, stranger), /no such backtest/);
});
