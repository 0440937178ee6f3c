import type { ItemOf } from '../../api/hub.ts';
import { Badge, StatusDot } from '../../parts/badge.tsx';

export type Member = ItemOf<'listMembers'>;

const looks = {
  active: { tone: 'ok', label: 'Active' },
  invited: { tone: 'warn', label: 'Invited' },
  disabled: { tone: 'neutral', label: 'Disabled' },
} as const;

export function MemberStatus({ member }: { readonly member: Pick<Member, 'status'> }) {
  return <StatusDot {...looks[member.status]} />;
}

export function RoleBadge({ role }: { readonly role: Member['role'] }) {
  return <Badge tone={role === 'admin' ? 'accent' : 'neutral'}>{role}</Badge>;
}
