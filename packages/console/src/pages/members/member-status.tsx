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

export function RoleBadge({ member }: { readonly member: Pick<Member, 'role' | 'roleName'> }) {
  return <Badge tone={member.role === 'admin' ? 'accent' : 'neutral'}>{member.roleName}</Badge>;
}
