import type { MemberId } from '@mcpvault/domain/ids';
import { Failure } from '@mcpvault/domain/failure';
import { permits } from '@mcpvault/domain/identity/permission';
import type { BodyPlace } from '@mcpvault/domain/record/message-record';
import { apply } from '@mcpvault/domain/redaction/apply';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import type { Finding } from '@mcpvault/domain/inspection/finding';
import {
  conversationLines,
  listMessages as readMessages,
  type MessageDetail,
  oneMessage,
} from '@mcpvault/store/messages-view';
import { handles } from './handler.ts';
import { showMessage } from './show.ts';
import { createLabelReader, versionsIn } from './conversation-labels.ts';
import { showTrace } from './show-trace.ts';
import { fromRfc3339 } from './times.ts';

export const listMessages = handles('listMessages', async ({ from, to, ...query }, { stores, caller }) => {
  const { items, next } = await readMessages(stores.executor, caller.organization, {
    ...query,
    member: permits(caller, 'messages:read-any') ? query.member : caller.member,
    from: from === undefined ? undefined : fromRfc3339(from),
    to: to === undefined ? undefined : fromRfc3339(to),
  });
  return { items: items.map(showMessage), next };
});

export const getMessage = handles('getMessage', async ({ id }, context) => {
  const { stores, caller } = context;
  const found = await oneMessage(stores.executor, caller.organization, id);
  const theirs = found !== null && (permits(caller, 'messages:read-any') || found.member.id === caller.member);
  if (!theirs) throw new Failure('not_found', 'There is no such message.');
  const withOriginals = permits(caller, 'messages:read-original');
  context.note({ subject: id, detail: { originals: withOriginals } });
  const { record, block, policies, ...line } = found;
  const plain = block && context.services.sealer.open(caller.organization, block.id, block.key, block.sealed);
  const body = (place: BodyPlace | null, edits: readonly Edit[], findings: readonly Finding[]) =>
    plain &&
    place &&
    showBody(plain.subarray(place.offset, place.offset + place.length), edits, findings, policies, withOriginals);
  return {
    ...showMessage(line),
    request: body(record.request, record.requestEdits, record.requestFindings),
    response: body(record.response, record.responseEdits, record.responseFindings),
    judged: await showTrace(stores.policies, caller.organization, record.judged, (member) =>
      context.services.catalog.member(caller.organization, member),
    ),
  };
});

export const listConversation = handles('listConversation', async ({ id }, { stores, caller, services }) => {
  const found = await oneMessage(stores.executor, caller.organization, id);
  const theirs = found !== null && (permits(caller, 'messages:read-any') || found.member.id === caller.member);
  if (!theirs) throw new Failure('not_found', 'There is no such message.');
  const { record } = found;
  const person = (member: MemberId) => services.catalog.member(caller.organization, member);
  if (record.conversation === null) {
    const judged = await showTrace(stores.policies, caller.organization, record.judged, person);
    return { items: [{ ...showMessage(found), judged, labels: [] }], next: null, complete: true };
  }
  const of = { conversation: record.conversation, member: record.member };
  const { lines, complete } = await conversationLines(
    stores.executor,
    caller.organization,
    of,
    record.at,
    mostOfConversation,
  );
  const labelsOf = createLabelReader(await versionsIn(stores.policies, caller.organization, lines));
  const items = [];
  for (const { judged, ...line } of lines)
    items.push({
      ...showMessage(line),
      judged: await showTrace(stores.policies, caller.organization, judged, person),
      labels: labelsOf(judged),
    });
  return { items, next: null, complete };
});

/** Before and after the message each. */
const mostOfConversation = 250;

function showBody(
  original: Buffer,
  edits: readonly Edit[],
  findings: readonly Finding[],
  policies: MessageDetail['policies'],
  withOriginals: boolean,
) {
  return {
    original: withOriginals ? original.toString() : null,
    delivered: apply(original, edits).toString(),
    edits: edits.map((edit) => ({
      ...edit,
      policy: edit.policy && { id: edit.policy, name: policies.get(edit.policy) ?? edit.policy },
    })),
    findings: [...findings],
  };
}
