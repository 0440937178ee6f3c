import { randomBytes } from 'node:crypto';
import type { ApprovalId, MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { Approval } from '@mcpvault/store/approvals-store';
import type { TestHub } from './test-hub.ts';

/** A held call that waits for somebody's yes. */
export async function sampleApproval(
  { ambient, stores, keyring }: Pick<TestHub, 'ambient' | 'stores' | 'keyring'>,
  organization: OrganizationId,
  member: MemberId,
  more: Partial<Approval> = {},
): Promise<ApprovalId> {
  const id = ambient.ids.next('apr');
  const now = ambient.clock.now();
  await stores.approvals.create({
    ...{ id, organization, member, state: 'pending', scope: null, actedBy: null, token: null, excluded: [member] },
    ...{ conversation: 'con_1', client: 'test/1', endpoint: 'one', server: null, serverName: 'one' },
    ...{ method: 'tools/call', target: 'drop', digest: randomBytes(32), sessionDigest: randomBytes(32) },
    ...{ policies: [{ policy: 'pol_1', version: 1, reason: 'because' }], needed: 1, sessions: true, note: null },
    shown: keyring.seal(organization, id, Buffer.from(JSON.stringify({ text: '{\n  "table": "a"\n}', isCut: false }))),
    ...{ createdAt: now, expiresAt: now + 3_600_000, decidedAt: null, usedAt: null },
    ...more,
  });
  return id;
}
