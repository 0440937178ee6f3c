import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PolicyAlert } from '../policy/effect.ts';
import type { MessageRecord } from '../record/message-record.ts';
import { alertStates } from './alert.ts';
import { isUnfinished, mayBecome } from './alert-states.ts';
import { notificationOf } from './notification-of.ts';
import { alertsRaisedBy } from './raised-by.ts';

const alert: PolicyAlert = {
  policy: 'pol_1',
  version: 3,
  name: 'Secrets',
  title: 'A secret left',
  severity: 'high',
  findings: { 'github-token': 2 },
  outcome: 'edited',
};

function record(changes: Partial<MessageRecord> = {}): MessageRecord {
  const finding = {
    detector: 'github-token',
    start: 4,
    end: 9,
    pointer: '/params/arguments/q',
    inKey: false,
    confidence: 1,
  };
  const edit = { start: 4, end: 9, replacement: '[taken out]', layer: 'hub', reason: 'Secrets stay.' } as const;
  return {
    ...{ id: 'msg_1', organization: 'org_a', at: 17, member: 'mem_1', token: null, conversation: null },
    ...{ client: 'cursor/1', endpoint: null, server: 'srv_1', serverName: 'files', direction: 'call' },
    ...{ method: 'tools/call', target: 'read', protocol: '2025-11-25', outcome: 'answered', code: null, reason: null },
    ...{ durationUs: 1, upstreamUs: 1, request: null, response: null },
    requestEdits: [
      { ...edit, policy: 'pol_1', detector: 'github-token' },
      { ...edit, policy: 'pol_2', detector: null },
    ],
    responseEdits: [],
    requestFindings: [finding, { ...finding, detector: 'email' }],
    responseFindings: [],
    ...{ role: 'member', actedBy: null, parameters: null, trace: 'f'.repeat(32) },
    judged: { call: { rules: [], alerts: [alert] } },
    ...changes,
  };
}

test('an alert keeps what its policy saw and did, and nothing that was found or put in its place', () => {
  const [raised, ...others] = alertsRaisedBy(record());
  assert.ok(raised);
  assert.deepEqual(others, []);
  const { snapshot } = raised;
  assert.deepEqual(
    [
      raised.kind,
      raised.layer,
      raised.severity,
      raised.title,
      raised.server,
      raised.tool,
      raised.member,
      raised.message,
    ],
    ['policy', 'hub', 'high', 'A secret left', 'srv_1', 'read', 'mem_1', 'msg_1'],
  );
  assert.equal(snapshot.policy?.version, 3);
  assert.deepEqual(
    snapshot.places.map(({ detector, pointer }) => [detector, pointer]),
    [['github-token', '/params/arguments/q']],
  );
  assert.deepEqual(
    snapshot.detectors.map(({ id, group }) => [id, group]),
    [['github-token', 'secrets']],
  );
  assert.equal(snapshot.edits.length, 1);
  assert.equal(JSON.stringify(snapshot).includes('taken out'), false);
  assert.equal(snapshot.message?.trace, 'f'.repeat(32));
});

test('what a workstation raised says so, and a message without alerts raises none', () => {
  const [raised] = alertsRaisedBy(
    record({ judged: { result: { rules: [], alerts: [{ ...alert, layer: 'workstation' }] } } }),
  );
  assert.equal(raised?.layer, 'workstation');
  assert.deepEqual(raised?.snapshot.places, []);
  assert.deepEqual(alertsRaisedBy(record({ judged: null })), []);
  assert.deepEqual(alertsRaisedBy(record({ judged: { call: { rules: [] } } })), []);
});

test('alerts are alike when policy, caller, server, tool and kind of finding are, whatever else is different', () => {
  const of = (changes: Partial<MessageRecord>, more: Partial<PolicyAlert> = {}) =>
    alertsRaisedBy(record({ judged: { call: { rules: [], alerts: [{ ...alert, ...more }] } }, ...changes }))[0]
      ?.likeness;
  const one = of({});
  assert.equal(
    of({ id: 'msg_2', at: 99, trace: null, client: 'other' }, { version: 4, findings: { 'github-token': 9 } }),
    one,
  );
  for (const other of [
    of({ member: 'mem_2' }),
    of({ server: 'srv_2' }),
    of({ target: 'write' }),
    of({}, { policy: 'pol_2' }),
    of({}, { findings: { email: 1 } }),
  ])
    assert.notEqual(other, one);
});

test('a target of any length makes a snapshot of bounded size', () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 20_000 }), (target) => {
      const [raised] = alertsRaisedBy(record({ target }));
      assert.ok(JSON.stringify(raised?.snapshot).length < 10_000);
    }),
    { numRuns: 50 },
  );
});

test('what routes are told of names policy, place and number of findings', () => {
  const [raised] = alertsRaisedBy(record());
  assert.ok(raised);
  const told = notificationOf(raised, 'alt_1', 'ntf_1', 'alert.raised');
  assert.equal(told.title, 'A secret left');
  assert.match(told.text, /read on files: edited\nFound: github-token \(2\)\nPolicy: Secrets, version 3/);
  assert.equal(told.link, '/alerts/alt_1');
  assert.match(notificationOf(raised, 'alt_1', 'ntf_1', 'alert.resolved').title, /^Over: /);
});

test('every state can be left, and what is over only by opening it again', () => {
  for (const from of alertStates) {
    const onwards = alertStates.filter((to) => mayBecome(from, to));
    assert.ok(onwards.length > 0, from);
    assert.equal(mayBecome(from, from), false);
    if (!isUnfinished(from)) assert.deepEqual(onwards, ['open']);
  }
});
