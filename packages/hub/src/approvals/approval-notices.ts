// What people are told of held calls over the organization's routes: that somebody asks, and what was answered. Never with
// which arguments.
import type { Approval } from '@mcpvault/store/approvals-store';
import type { Stores } from '@mcpvault/store/stores';
import type { Told } from '../alerts/notify.ts';

type Needed = Pick<Stores, 'approvals' | 'policies'>;

/** To those who may decide in person: whom the policies name, or else who supervises the asker. */
export async function askedNotice(stores: Needed, asked: Approval, asker: string): Promise<Told> {
  const { organization, member, policies, excluded } = asked;
  const named = policies.flatMap(({ from }) => from ?? []);
  const people = await stores.approvals.peopleFor(organization, member, named);
  return {
    ...(await noticeOf(stores, asked, 'pending')),
    type: 'approval.asked',
    title: `${asker} asks for approval: ${wishOf(asked)}`,
    text: policies.map(({ reason }) => reason).join('\n'),
    people: people.filter((one) => !excluded.includes(one)),
  };
}

/** To the asker. */
export async function answeredNotice(
  stores: Needed,
  asked: Approval,
  state: 'approved' | 'refused',
  reason: string | null,
): Promise<Told> {
  return {
    ...(await noticeOf(stores, asked, state)),
    type: 'approval.answered',
    title: `${state === 'approved' ? 'Approved' : 'Refused'}: ${wishOf(asked)}`,
    text: reason ?? '',
    people: [asked.member],
  };
}

async function noticeOf(stores: Needed, { organization, id, server, serverName, policies }: Approval, state: string) {
  const [first] = policies;
  const names = await stores.policies.names(organization, first === undefined ? [] : [first.policy]);
  return {
    organization,
    severity: 'medium',
    policy: first === undefined ? null : { id: first.policy, name: names.get(first.policy) ?? first.policy },
    server: server === null ? null : { id: server, name: serverName ?? server },
    alert: null,
    link: `/approvals/${id}`,
    data: { approval: id, state },
  } as const;
}

function wishOf({ method, target, serverName }: Approval): string {
  const what = method === 'tools/call' ? (target ?? method) : method;
  return serverName === null ? what : `${what} on ${serverName}`;
}
