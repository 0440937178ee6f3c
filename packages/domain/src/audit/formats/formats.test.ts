import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import type { CallLine, EntryLine } from '../export-lines.ts';
import { type AuditEvent, eventOf } from './audit-event.ts';
import { csvHeader, csvRow } from './csv.ts';
import { everything, isWanted } from './event-filter.ts';
import { ocsfEvent } from './ocsf.ts';
import { syslogFrame } from './syslog.ts';
import { isWebhookSecret, webhookHeaders, webhookSecret } from './webhook-signature.ts';

const entry: EntryLine = {
  type: 'entry',
  sequence: 41,
  id: 'aud_1',
  organization: 'org_1',
  at: Date.UTC(2026, 2, 4, 5, 6, 7),
  actor: 'mem_ada',
  action: 'grants.create',
  subject: 'grt_1',
  outcome: 'done',
  detail: { from: '192.0.2.7', request: 'req_1', tools: ['read'] },
  chain: 'ab'.repeat(32),
};
const call: CallLine = {
  type: 'call',
  sequence: 42,
  index: 3,
  leaf: 'cd'.repeat(32),
  record: {
    id: 'msg_1',
    organization: 'org_1',
    at: entry.at,
    member: 'mem_grace',
    actedBy: 'mem_ada',
    role: 'member',
    method: 'tools/call',
    server: 'srv_1',
    serverName: 'files',
    target: 'read',
    outcome: 'refused',
    code: 'forbidden',
    reason: 'no grant',
    client: 'cursor/1',
    durationUs: 1500,
    parameters: '{"path":"text 4"}',
    trace: '0af7651916cd43dd8448eb211c80319c',
  },
};

function event(line: EntryLine | CallLine): AuditEvent {
  const found = eventOf(line);
  assert.ok(found);
  return found;
}

test('an entry and a call say alike who, as whom, what, on what, and how it ended', () => {
  const { line: _, detail: __, ...said } = event(call);
  assert.deepEqual(said, {
    id: 'msg_1',
    place: '42.3',
    organization: 'org_1',
    at: entry.at,
    kind: 'call',
    actor: 'mem_grace',
    actedBy: 'mem_ada',
    role: 'member',
    action: 'tools/call',
    subject: 'srv_1',
    server: 'files',
    target: 'read',
    outcome: 'refused',
    succeeded: false,
    reason: 'no grant',
    address: null,
    client: 'cursor/1',
    correlation: 'msg_1',
    trace: '0af7651916cd43dd8448eb211c80319c',
    durationMs: 1.5,
    parameters: '{"path":"text 4"}',
  });
  assert.deepEqual(event(entry).detail, { tools: ['read'] });
  assert.deepEqual([event(entry).address, event(entry).correlation], ['192.0.2.7', 'req_1']);
  const standsForCalls = { ...entry, action: 'messages.record', detail: { format: 'record/1', calls: 1, root: 'ab' } };
  assert.equal(eventOf(standsForCalls), null);
});

test('a filter tells actions and areas apart, and calls from operations', () => {
  const { actions: _, ...rest } = everything;
  const wants = (actions: string[], more = {}) => isWanted(event(entry), { ...rest, actions, ...more });
  assert.deepEqual(
    [wants([]), wants(['grants.create']), wants(['grants.*']), wants(['grants']), wants(['grant.*'])],
    [true, true, true, false, false],
  );
  assert.equal(wants([], { outcome: 'refused' }), false);
  const calls = (['all', 'refused', 'none'] as const).map((which) =>
    isWanted(event(call), { ...everything, calls: which }),
  );
  assert.deepEqual(calls, [true, true, false]);
  const answered = event({ ...call, record: { ...call.record, outcome: 'answered' } });
  assert.equal(isWanted(answered, { ...everything, calls: 'refused' }), false);
});

/** As RFC 4180 has it. */
function parseCsv(text: string): string[] {
  const cells: string[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === '"') {
      let end = at + 1;
      while (text[end] !== '"' || text[end + 1] === '"') end += text[end] === '"' ? 2 : 1;
      cells.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 2;
    } else {
      const end = text.slice(at).search(/,|\r\n$/);
      cells.push(text.slice(at, at + end));
      at += end + 1;
    }
    if (text.slice(at - 1).startsWith('\r\n')) break;
  }
  return cells;
}

test('a row has as many cells as the header, whatever the texts hold, and no cell begins a formula', () => {
  const columns = csvHeader.trimEnd().split(',').length;
  const texts = fc.oneof(fc.string(), fc.constantFrom('=1+1', '"', 'a,b', 'x\r\ny', '@x', '-2', '\t'));
  fc.assert(
    fc.property(texts, texts, (reason, target) => {
      const cells = parseCsv(csvRow(event({ ...call, record: { ...call.record, reason, target } })));
      assert.equal(cells.length, columns);
      for (const cell of cells) assert.ok(!/^[=+\-@\t]/.test(cell), cell);
      const plain = /^[=+\-@\t\r]/.test(target) ? `'${target}` : target;
      assert.equal(cells[10], plain);
    }),
  );
});

test('in the open schema sign-ins are Authentication, and calls and operations API Activity', () => {
  const login = ocsfEvent(event({ ...entry, action: 'auth.login', outcome: 'refused', subject: null }), '1.0.0');
  assert.deepEqual(
    [login['class_uid'], login['category_uid'], login['activity_id'], login['type_uid'], login['status_id']],
    [3002, 3, 1, 300201, 2],
  );
  assert.deepEqual([login['user'], login['src_endpoint']], [{ uid: 'mem_ada', type_id: 1 }, { ip: '192.0.2.7' }]);
  const granted = ocsfEvent(event(entry), '1.0.0');
  assert.deepEqual([granted['class_uid'], granted['activity_id'], granted['type_uid']], [6003, 1, 600301]);
  assert.deepEqual(granted['api'], {
    operation: 'grants.create',
    service: { name: 'MCPVault' },
    request: { uid: 'req_1' },
  });
  const called = ocsfEvent(event(call), '1.0.0');
  assert.deepEqual(called['actor'], {
    user: { uid: 'mem_ada', type_id: 1, groups: [{ name: 'member' }] },
    app_name: 'cursor/1',
  });
  assert.equal((called['unmapped'] as { acted_as: string }).acted_as, 'mem_grace');
  const required = [
    'activity_id',
    'category_uid',
    'class_uid',
    'metadata',
    'severity_id',
    'time',
    'type_uid',
    'actor',
    'api',
    'src_endpoint',
  ];
  for (const name of required) assert.ok(called[name] !== undefined, name);
});

test('a frame of syslog says how long it is, when and what it is, and holds its text whole', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.string(), (text, host) => {
      const frame = syslogFrame(event(call), text, host);
      const space = frame.indexOf(' ');
      const message = frame.subarray(space + 1);
      assert.equal(Number(frame.toString('latin1', 0, space)), message.length);
      const [head = '', ...rest] = message.toString().split('\uFEFF');
      assert.match(head, /^<108>1 2026-03-04T05:06:07\.000Z [\x21-\x7e]{1,255} mcpvault - tools\/call - $/);
      assert.equal(rest.join('\uFEFF'), Buffer.from(text).toString());
    }),
  );
});

test('a delivery is signed as Standard Webhooks have it', () => {
  const secret = webhookSecret(Buffer.alloc(24, 5));
  assert.equal(isWebhookSecret(secret), true);
  for (const wrong of ['', 'whsec_', 'whsec_aGVsbG8=', 'secret', 'whsec_!!!'])
    assert.equal(isWebhookSecret(wrong), false);
  const headers = webhookHeaders('d_1', 1_700_000_000_999, '{"a":1}', secret);
  const expected = createHmac('sha256', Buffer.alloc(24, 5)).update('d_1.1700000000.{"a":1}').digest('base64');
  assert.deepEqual(headers, {
    'webhook-id': 'd_1',
    'webhook-timestamp': '1700000000',
    'webhook-signature': `v1,${expected}`,
  });
});
