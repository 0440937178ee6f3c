import { Failure } from '@mcpvault/domain/failure';
import type { MemberId, MessageId } from '@mcpvault/domain/ids';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import type { PublishedKey } from '@mcpvault/store/audit/audit-signer';
import type { CallPlace } from '../audit/audit-calls.ts';
import { readAuditMode, writeAuditMode } from '../audit/audit-rules.ts';
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
  ({ from, to, calls }, { services, caller }) =>
    services.auditLog.open(
      caller.organization,
      from === undefined ? null : fromRfc3339(from),
      to === undefined ? null : fromRfc3339(to),
      calls,
    ),
  async ({ calls }, { note }, prepared) => {
    note({ detail: { first: prepared.from, entries: prepared.to - prepared.from, calls } });
    return prepared;
  },
);

export const readAuditLog = handles('readAuditLog', ({ from, to, limit, calls }, { services, caller }) =>
  services.auditLog.read(caller.organization, from, to, limit, calls),
);

export const verifyAudit = handles('verifyAudit', async (_, { services, caller, now }) => {
  const { intact, entries, removed, calls, signed, anchoredAt, problem } = await services.auditLog.verify(
    caller.organization,
  );
  return {
    intact,
    entries,
    removed,
    calls,
    signed: signed && { size: signed.size, at: rfc3339(signed.at), key: signed.key },
    anchoredAt,
    problem: problem && { ...problem },
    checkedAt: rfc3339(now),
  };
});

export const proveAuditEntry = handles('proveAuditEntry', async ({ id }, { services, caller }) => {
  const proof = await services.auditLog.prove(caller.organization, id);
  if (proof === null) throw new Failure('not_found', 'There is no such audit entry.');
  return proof;
});

export const proveAudited = handles('proveAudited', async ({ id }, { services, caller }) => {
  const { auditLog } = services;
  const proof = isMessage(id)
    ? await auditLog.proveCall(caller.organization, id)
    : await auditLog.proveEntry(caller.organization, id);
  if (proof !== null) return proof;
  throw new Failure('not_found', 'Nothing with this id is in the audit log.', {
    fix: 'A call is there a moment after it was answered, and until the audit retention lets go of it.',
  });
});

export const listAuditCalls = handles('listAuditCalls', async (input, { services, stores, caller }) => {
  const { limit, cursor, ...filter } = input;
  const { items, next } = await services.auditLog.calls(caller.organization, filter, placeOf(cursor), limit);
  const records = items.map(({ record }) => record as unknown as MessageRecord);
  const members = records.flatMap(({ member, actedBy }) => (actedBy === null ? [member] : [member, actedBy]));
  const emails = await stores.auditCalls.labels(caller.organization, members);
  const shown = (id: MemberId) => ({ id, label: emails.get(id) ?? id });
  return {
    items: items.map(({ sequence, index, record }) => {
      const said = record as unknown as MessageRecord;
      return {
        sequence,
        index,
        message: said.id,
        at: rfc3339(said.at),
        member: shown(said.member),
        role: said.role,
        actedBy: said.actedBy && shown(said.actedBy),
        client: said.client,
        server: { id: said.server, name: said.serverName },
        method: said.method,
        target: said.target,
        parameters: said.parameters,
        outcome: said.outcome,
        code: said.code,
        reason: said.reason,
        durationMs: said.durationUs / 1000,
        requestBytes: said.request?.length ?? null,
        responseBytes: said.response?.length ?? null,
        edits: said.requestEdits.length + said.responseEdits.length,
        trace: said.trace,
        secrets: [...(said.secrets ?? [])],
      };
    }),
    next: next && `${next.sequence}.${next.index}`,
  };
});

function isMessage(id: string): id is MessageId {
  return id.startsWith('msg_');
}

/** Throws `invalid_params` for what this list cannot have given. */
function placeOf(cursor: string | undefined): CallPlace | null {
  if (cursor === undefined) return null;
  const [, sequence, index] = /^(\d{1,15})\.(\d{1,15})$/.exec(cursor) ?? [];
  if (sequence === undefined) throw new Failure('invalid_params', 'cursor: this is no place in the list.');
  return { sequence: Number(sequence), index: Number(index) };
}

export const getAuditRules = handles('getAuditRules', async (_, { services, stores, caller }) => {
  const mode = await readAuditMode(stores.settings, caller.organization);
  const { messages, last } = await stores.audit.lost(caller.organization);
  return {
    mode: mode ?? services.auditRules.usual,
    chosen: mode !== null,
    lost: messages,
    lastLostAt: rfc3339OrNull(last),
  };
});

export const updateAuditRules = handles('updateAuditRules', async ({ mode }, context) => {
  const { services, stores, caller, now } = context;
  await writeAuditMode(stores.settings, caller.organization, mode, now);
  context.note({ subject: caller.organization, detail: { mode } });
  context.changed('organization', caller.organization);
  return { mode: mode ?? services.auditRules.usual, chosen: mode !== null };
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
