import { Failure } from '@mcpvault/domain/failure';
import type { PublishedKey } from '@mcpvault/store/audit/audit-signer';
import { handles, handlesPrepared } from './handler.ts';
import { fromRfc3339, rfc3339, rfc3339OrNull } from './times.ts';

export const listAudit = handles('listAudit', async (input, { stores, caller }) => {
  const { items, next } = await stores.audit.list(caller.organization, input);
  return {
    items: items.map(({ id, sequence, at, actor, actorLabel, action, subject, outcome, detail }) => ({
      id,
      sequence,
      at: rfc3339(at),
      actor: { id: actor, label: actorLabel },
      action,
      subject,
      outcome,
      detail,
    })),
    next,
  };
});

export const exportAudit = handlesPrepared(
  'exportAudit',
  ({ from, to }, { services, caller }) =>
    services.auditLog.open(
      caller.organization,
      from === undefined ? null : fromRfc3339(from),
      to === undefined ? null : fromRfc3339(to),
    ),
  async (_, { note }, prepared) => {
    note({ detail: { first: prepared.from, entries: prepared.to - prepared.from } });
    return prepared;
  },
);

export const readAuditLog = handles('readAuditLog', ({ from, to, limit }, { services, caller }) =>
  services.auditLog.read(caller.organization, from, to, limit),
);

export const verifyAudit = handles('verifyAudit', async (_, { services, caller, now }) => {
  const { intact, entries, removed, signed, anchoredAt, problem } = await services.auditLog.verify(caller.organization);
  return {
    intact,
    entries,
    removed,
    signed: signed && { size: signed.size, at: rfc3339(signed.at), key: signed.key },
    anchoredAt,
    problem: problem && { sequence: problem.sequence, id: problem.id, why: problem.why },
    checkedAt: rfc3339(now),
  };
});

export const proveAuditEntry = handles('proveAuditEntry', async ({ id }, { services, caller }) => {
  const proof = await services.auditLog.prove(caller.organization, id);
  if (proof === null) throw new Failure('not_found', 'There is no such audit entry.');
  return proof;
});

export const listAuditKeys = handles('listAuditKeys', async (_, { services }) => ({
  items: (await services.auditLog.keys()).map(showKey),
  next: null,
}));

export const rotateAuditKey = handles('rotateAuditKey', async (_, { services, note }) => {
  const key = await services.auditLog.rotateKey();
  note({ subject: key.id });
  return showKey(key);
});

function showKey({ id, publicKey, from, until }: PublishedKey) {
  return { id, publicKey, from: rfc3339(from), until: rfc3339OrNull(until) };
}
