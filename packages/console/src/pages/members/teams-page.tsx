import { Link } from '@tanstack/react-router';
import { Ellipsis, Plus, UsersRound } from 'lucide-react';
import { useState } from 'react';
import { type ItemOf, useAll, usePages, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { counted } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Field, Input, Select } from '../../parts/field.tsx';
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
  const actionColumn: Column<Placed> = {
    key: 'actions',
    head: 'Actions',
    quiet: true,
    align: 'end',
    cell: (team) => <TeamMenu team={team} onEdit={() => setEditing(team)} />,
  };
  return (
    <Page
      title="Teams"
      text="Groups of members. A grant to a team holds for everyone in it, and in the teams that lie in it, from the moment they join."
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
          rows={teams.items && asTree(teams.items)}
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

interface Placed extends Team {
  /** How many teams it lies in. */
  readonly depth: number;
}

/** Each team below the one it lies in; what lies in a team that is not read yet stands at the top. */
function asTree(teams: readonly Team[]): readonly Placed[] {
  const known = new Set<string>(teams.map((team) => team.id));
  const below = Map.groupBy(teams, ({ parent }) => (parent && known.has(parent.id) ? parent.id : null));
  const placed = (parent: Team['id'] | null, depth: number): readonly Placed[] =>
    (below.get(parent) ?? [])
      .toSorted((one, other) => one.name.localeCompare(other.name))
      .flatMap((team) => [{ ...team, depth }, ...placed(team.id, depth + 1)]);
  return placed(null, 0);
}

const columns: readonly Column<Placed>[] = [
  {
    key: 'name',
    head: 'Team',
    phone: 'bare',
    cell: (team) => (
      <span className="row" style={{ paddingInlineStart: team.depth * 20 }}>
        <span className="row-link">{team.name}</span>
        {team.provisioned && <Badge>provisioned</Badge>}
      </span>
    ),
  },
  {
    key: 'leads',
    head: 'Leads',
    phone: 'hidden',
    cell: (team) => <span className="soft">{team.leads.map((lead) => lead.name).join(', ')}</span>,
  },
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
  const others = (useAll('listTeams', {}).data ?? []).filter(({ id }) => id !== team?.id);
  const [parent, setParent] = useState<string>(team?.parent?.id ?? '');
  const [leads, setLeads] = useState<string[]>(team?.leads.map((lead) => lead.id) ?? []);
  const create = useWrite('createTeam', 'members');
  const update = useWrite('updateTeam', 'members');
  const [name, setName] = useState(team?.name ?? '');
  const [members, setMembers] = useState<string[]>(team?.members.map((member) => member.id) ?? []);
  const error = create.error ?? update.error;
  const submit = () => {
    const draft = {
      name,
      members: members as `mem_${string}`[],
      leads: leads as `mem_${string}`[],
      parent: parent === '' ? null : (parent as Team['id']),
    };
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
        <Field label="Lies in" hint="What is granted to that team is granted to the members of this one too.">
          {(control) => (
            <Select {...control} value={parent} onChange={(event) => setParent(event.target.value)}>
              <option value="">no other team</option>
              {others.map((other) => (
                <option key={other.id} value={other.id}>
                  {other.name}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Leads" hint="They supervise its members, and those of the teams in it.">
          {(control) => (
            <MultiPicker
              id={control.id}
              placeholder="Find members"
              choices={all
                .filter(({ kind }) => kind === 'person')
                .map(({ id, name: label, email }) => ({ value: id, label, detail: email }))}
              values={leads}
              onChange={setLeads}
            />
          )}
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
