import { givenByRoles } from '@mcpvault/contract/roles';
import { Link } from '@tanstack/react-router';
import { Ellipsis, Plus } from 'lucide-react';
import { useState } from 'react';
import { type ItemOf, useRead, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { EditRole } from './edit-role.tsx';
import './roles-page.css';

export type Role = ItemOf<'listRoles'>;

export function RolesPage() {
  const mayWrite = useMay()('roles:write');
  const roles = useRead('listRoles', {});
  const [editing, setEditing] = useState<Role | 'new' | null>(null);
  const actionColumn: Column<Role> = {
    key: 'actions',
    head: 'Actions',
    quiet: true,
    align: 'end',
    cell: (role) => !role.builtIn && <RoleMenu role={role} onEdit={() => setEditing(role)} />,
  };
  return (
    <Page
      title="Roles"
      text="What members may do besides using what was granted to them. Nobody hands out more than they have."
      actions={
        mayWrite && (
          <Button kind="primary" icon={Plus} onClick={() => setEditing('new')}>
            Make a role
          </Button>
        )
      }
    >
      {roles.error && !roles.data ? (
        <Problem error={roles.error} onRetry={() => void roles.refetch()} />
      ) : (
        <Table
          caption="Roles"
          columns={mayWrite ? [...columns, actionColumn] : columns}
          rows={roles.data?.items}
          rowKey={(role) => role.id}
        />
      )}
      {editing !== null && (
        <EditRole
          key={editing === 'new' ? 'new' : editing.id}
          role={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </Page>
  );
}

const columns: readonly Column<Role>[] = [
  {
    key: 'name',
    head: 'Role',
    phone: 'bare',
    cell: (role) => (
      <div className="role-name">
        <span className="row">
          <span className="row-link">{role.name}</span>
          {role.builtIn && <Badge>built in</Badge>}
        </span>
        {role.description !== '' && <p className="faint">{role.description}</p>}
      </div>
    ),
  },
  {
    key: 'permissions',
    head: 'Permissions',
    wide: true,
    cell: ({ permissions }) => (
      <span className="role-permissions">
        {permissions.length === givenByRoles.length ? (
          <span>Everything</span>
        ) : (
          permissions.map((permission) => <code key={permission}>{permission}</code>)
        )}
        {permissions.length === 0 && <span className="faint">only what was granted</span>}
      </span>
    ),
  },
  {
    key: 'members',
    head: 'Members',
    align: 'end',
    cell: ({ members }) =>
      members === 0 ? <span className="faint">nobody</span> : <Link to="/members">{members}</Link>,
  },
];

function RoleMenu({ role, onEdit }: { readonly role: Role; readonly onEdit: () => void }) {
  const confirm = useConfirm();
  const remove = useWrite('removeRole', 'grants');
  const ask = async () => {
    const text = 'Grants to this role are taken back with it.';
    if (!(await confirm({ title: `Remove the role ${role.name}?`, text, action: 'Remove role', danger: true }))) return;
    remove.mutate(
      { id: role.id as `role_${string}` },
      {
        onSuccess: () => say(`${role.name} is removed`),
        onError: (error) => warn(`${role.name} could not be removed`, sentenceOf(error)),
      },
    );
  };
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={`Actions for ${role.name}`} />}
      actions={[
        { label: 'Edit', onSelect: onEdit },
        null,
        { label: 'Remove…', danger: true, disabled: role.members > 0, onSelect: () => void ask() },
      ]}
    />
  );
}
