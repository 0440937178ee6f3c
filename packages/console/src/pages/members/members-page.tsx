import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis, UserPlus, Users } from 'lucide-react';
import { usePages } from '../../api/hub.ts';
import { useMay, useMe } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Menu } from '../../parts/menu.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SearchField } from '../../parts/search-field.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { InviteMember } from './invite-member.tsx';
import { type Member, MemberStatus, RoleBadge } from './member-status.tsx';
import { SignInRules } from './sign-in-rules.tsx';
import { useMemberActions } from './use-member-actions.ts';

const route = getRouteApi('/signed-in/members');

export function MembersPage() {
  const { q, invite } = route.useSearch();
  const navigate = useNavigate();
  const may = useMay();
  const mayWrite = may('members:write');
  const members = usePages('listMembers', { kind: 'person', ...(q === undefined ? {} : { q }) });
  const show = (search: { q?: string; invite?: boolean }) => void navigate({ to: '/members', search, replace: true });
  return (
    <Page
      title="Members"
      text="The people of this organization."
      actions={
        mayWrite && (
          <Button kind="primary" icon={UserPlus} onClick={() => show({ q, invite: true })}>
            Invite member
          </Button>
        )
      }
    >
      <SearchField label="Search members" value={q ?? ''} onChange={(next) => show({ q: next || undefined })} />
      {members.error && !members.items ? (
        <Problem error={members.error} onRetry={() => void members.refetch()} />
      ) : members.items?.length === 0 ? (
        <EmptyState icon={Users} title="Nobody matches" text={`No name or e-mail contains “${q ?? ''}”.`} />
      ) : (
        <Table
          caption="Members"
          columns={mayWrite ? [...columns, actionColumn] : columns}
          rows={members.items}
          rowKey={(member) => member.id}
          dim={(member) => member.status === 'disabled'}
        />
      )}
      <MoreButton query={members} />
      <SignInRules />
      {invite && mayWrite && <InviteMember onClose={() => show({ q })} />}
    </Page>
  );
}

const columns: readonly Column<Member>[] = [
  {
    key: 'name',
    head: 'Member',
    phone: 'bare',
    wide: true,
    cell: (member) => (
      <div>
        <Link to="/members/$id" params={{ id: member.id }} className="row-link">
          {member.name}
        </Link>
        <p className="faint">{member.email}</p>
      </div>
    ),
  },
  { key: 'role', head: 'Role', cell: (member) => <RoleBadge member={member} /> },
  { key: 'status', head: 'Status', cell: (member) => <MemberStatus member={member} /> },
  {
    key: 'teams',
    head: 'Teams',
    phone: 'hidden',
    cell: (member) => (
      <span className="row">
        {member.teams.slice(0, 2).map((team) => (
          <Badge key={team.id}>{team.name}</Badge>
        ))}
        {member.teams.length > 2 && <span className="faint">+{member.teams.length - 2}</span>}
      </span>
    ),
  },
  {
    key: 'seen',
    head: 'Last seen',
    align: 'end',
    cell: (member) => (
      <span className="soft">
        <RelativeTime at={member.lastSeenAt} />
      </span>
    ),
  },
];

const actionColumn: Column<Member> = {
  key: 'actions',
  head: 'Actions',
  quiet: true,
  align: 'end',
  cell: (member) => <MemberMenu member={member} />,
};

function MemberMenu({ member }: { readonly member: Member }) {
  const actions = useMemberActions();
  const navigate = useNavigate();
  const isMe = useMe()?.member.id === member.id;
  const isDisabled = member.status === 'disabled';
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={`Actions for ${member.name}`} />}
      actions={[
        {
          label: 'Show messages',
          onSelect: () => void navigate({ to: '/messages', search: { member: member.id } }),
        },
        {
          label: member.role === 'admin' ? 'Make a member' : 'Make an admin',
          disabled: isMe,
          onSelect: () => void actions.setRole(member, member.role === 'admin' ? 'member' : 'admin'),
        },
        {
          label: isDisabled ? 'Enable' : 'Disable',
          disabled: isMe,
          onSelect: () => void actions.setDisabled(member, !isDisabled),
        },
        null,
        { label: 'Remove…', danger: true, disabled: isMe, onSelect: () => void actions.remove(member) },
      ]}
    />
  );
}
