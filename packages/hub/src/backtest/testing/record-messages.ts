import type { ConversationId, MemberId, OrganizationId } from '@mcpvault/domain/ids';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { encodeRecord } from '@mcpvault/domain/record/record-line';
import { createIngest } from '@mcpvault/store/record-ingest';
import type { TestHub } from '../../testing/test-hub.ts';

export interface Said {
  readonly at: number;
  readonly member: MemberId;
  readonly tool: string;
  readonly arguments: unknown;
  readonly answer?: unknown;
  readonly outcome?: MessageRecord['outcome'];
  readonly requestEdits?: MessageRecord['requestEdits'];
  readonly judged?: MessageRecord['judged'];
}

/** Puts calls of tools into the record, all in one sealed block, as the journal would. */
export async function recordMessages(
  hub: TestHub,
  organization: OrganizationId,
  calls: readonly Said[],
): Promise<void> {
  const block = hub.ambient.ids.next('blk');
  const originals: Buffer[] = [];
  let offset = 0;
  const put = (value: object) => {
    const original = Buffer.from(JSON.stringify({ jsonrpc: '2.0', id: 1, ...value }));
    originals.push(original);
    offset += original.length;
    return { offset: offset - original.length, length: original.length };
  };
  const records = calls.map((call) => {
    const request = put({ method: 'tools/call', params: { name: call.tool, arguments: call.arguments } });
    const response = call.answer === undefined ? null : put({ result: call.answer });
    return encodeRecord(recordOf(hub.ambient.ids.next('msg'), organization, call, request, response), block);
  });
  const { key, sealed } = hub.keyring.seal(organization, block, Buffer.concat(originals));
  const kept = { id: block, organization, key, sealed, records: Buffer.from(records.join('')), count: records.length };
  await createIngest(
    hub.database,
    hub.ambient,
  )({ journal: block, blocks: [{ position: 0, at: calls[0]?.at ?? 0, block: kept }] });
}

function recordOf(
  id: MessageRecord['id'],
  organization: OrganizationId,
  { at, member, tool, outcome = 'answered', requestEdits = [], judged = null }: Said,
  request: MessageRecord['request'],
  response: MessageRecord['response'],
): MessageRecord {
  return {
    id,
    organization,
    at,
    member,
    token: null,
    conversation: 'con_1' satisfies ConversationId,
    client: 'test/1',
    endpoint: 'one',
    server: null,
    serverName: 'one',
    direction: 'call',
    method: 'tools/call',
    target: tool,
    protocol: '2025-11-25',
    outcome,
    code: null,
    reason: null,
    durationUs: 1,
    upstreamUs: 1,
    request,
    response,
    requestEdits,
    responseEdits: [],
    requestFindings: [],
    responseFindings: [],
    role: 'member',
    actedBy: null,
    parameters: null,
    trace: null,
    judged,
    secrets: null,
  };
}
