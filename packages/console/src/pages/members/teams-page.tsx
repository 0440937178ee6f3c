import { Link } from '@tanstack/react-router';
import { Ellipsis, Plus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { type ItemOf, useAll, usePages, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { counted } from '../../format.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Menu } from '../../parts/menu.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Page } from '../../parts/page.tsx';
import { MultiPicker } from '../../parts/picker.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';

type Team = ItemOf<'listTeams'>;

export function TeamsPage() {
  const may = useMay();
  const mayWrite = may('members:write');
  const teams = usePages('listTeams', {});
  const [editing, setEditing] = useState<Team | 'new' | null>(null);
  const addButton = mayWrite && (
    <Button kind="primary" icon={Plus} onClick={() => setEditing('new')}>
      Add team
    </Button>
  );
  const actionColumn: Column<Team> = {
    key: 'actions',
    head: 'Actions',
    quiet: true,
    align: 'end',
    cell: (team) => <TeamMenu team={team} onEdit={() => setEditing(team)} />,
  };
  return (
    <Page
      title="Teams"
      text="Groups of members. A grant to a team holds for everyone in it, from the moment they join."
      actions={addButton}
    >
      {teams.error && !teams.items ? (
        <Problem error={teams.error} onRetry={() => void teams.refetch()} />
      ) : teams.items?.length === 0 ? (
        <EmptyState
          icon={UsersRound}
          title="No teams yet"
          text="Put members who need the same servers into a team, and grant those to the team."
          action={addButton}
        />
      ) : (
        <Table
          caption="Teams"
          columns={mayWrite ? [...columns, actionColumn] : columns}
          rows={teams.items}
          rowKey={(team) => team.id}
        />
      )}
      <MoreButton query={teams} />
      {editing !== null && (
        <EditTeam
          key={editing === 'new' ? 'new' : editing.id}
          team={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
        />
      )}
    </Page>
  );
}

const columns: readonly Column<Team>[] = [
  { key: 'name', head: 'Team', phone: 'bare', cell: (team) => <span className="row-link">{team.name}</span> },
  {
    key: 'members',
    head: 'Members',
    wide: true,
    cell: (team) => (
      <span className="row">
        {team.members.slice(0, 6).map((member) => (
          <Link key={member.id} to="/members/$id" params={{ id: member.id }}>
            {member.name}
          </Link>
        ))}
        {team.members.length > 6 && <span className="faint">and {team.members.length - 6} more</span>}
        {team.members.length === 0 && <span className="faint">nobody yet</span>}
      </span>
    ),
  },
];

function TeamMenu({ team, onEdit }: { readonly team: Team; readonly onEdit: () => void }) {
  const confirm = useConfirm();
  const removeTeam = useWrite('removeTeam', 'members', 'grants');
  const remove = async () => {
    const sure = await confirm({
      title: `Remove the team ${team.name}?`,
      text: `Its grants end for ${counted(team.members.length, 'member')} at the next message. The members stay.`,
      action: 'Remove team',
      danger: true,
    });
    if (!sure) return;
    removeTeam.mutate(
      { id: team.id },
      {
        onSuccess: () => say(`The team ${team.name} is removed`),
        onError: (error) => warn('The team could not be removed', sentenceOf(error)),
      },
    );
  };
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={`Actions for ${team.name}`} />}
      actions={[
        { label: 'Edit', onSelect: onEdit },
        null,
        { label: 'Remove…', danger: true, onSelect: () => void remove() },
      ]}
    />
  );
}

function EditTeam({ team, onClose }: { readonly team: Team | null; readonly onClose: () => void }) {
  const all = useAll('listMembers', {}).data ?? [];
  const create = useWrite('createTeam', 'members');
  const update = useWrite('updateTeam', 'members');
  const [name, setName] = useState(team?.name ?? '');
  const [members, setMembers] = useState<string[]>(team?.members.map((member) => member.id) ?? []);
  const error = create.error ?? update.error;
  const submit = () => {
    const draft = { name, members: members as `mem_${string}`[] };
    const after = {
      onSuccess: () => {
        say(team ? `The team ${name} is saved` : `The team ${name} is added`);
        onClose();
      },
    };
    if (team) update.mutate({ id: team.id, ...draft }, after);
    else create.mutate(draft, after);
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={team ? 'Edit the team' : 'Add a team'}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="team" busy={create.isPending || update.isPending}>
            {team ? 'Save' : 'Add team'}
          </Button>
        </>
      }
    >
      <form
        id="team"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        {error && <Problem error={error} title="The team could not be saved" />}
        <Field label="Name" required>
          {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Field label="Members">
          {(control) => (
            <MultiPicker
              id={control.id}
              placeholder="Find members"
              choices={all.map(({ id, name: label, email }) => ({ value: id, label, detail: email }))}
              values={members}
              onChange={setMembers}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
