import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Activity, Link2 } from 'lucide-react';
import { useState } from 'react';
import { useAll, usePages, useRead, useWrite } from '../../api/hub.ts';
import { useMay, useMe } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button, buttonLook } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Card, Facts, Page, Section } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { AddGrant } from '../grants/add-grant.tsx';
import { GrantTable } from '../grants/grant-table.tsx';
import { SignInList } from '../account/sign-in-list.tsx';
import { RoleField } from '../roles/role-field.tsx';
import { TokenTable } from '../tokens/token-table.tsx';
import { type Member, MemberStatus, RoleBadge } from './member-status.tsx';
import { OneTimeLink } from './one-time-link.tsx';
import { ActAs } from './act-as.tsx';
import { Supervision } from './supervision.tsx';
import { useMemberActions } from './use-member-actions.ts';

const route = getRouteApi('/signed-in/members/$id');
const trail = <Link to="/members">Members</Link>;

export function MemberPage() {
  const id = route.useParams().id as `mem_${string}`;
  const member = useRead('getMember', { id });
  if (member.error && !member.data) {
    return (
      <Page title="Member" trail={trail}>
        <Problem error={member.error} onRetry={() => void member.refetch()} />
      </Page>
    );
  }
  if (!member.data) {
    return (
      <Page title="Member" trail={trail}>
        <SkeletonLines count={6} label="Loading the member" />
      </Page>
    );
  }
  return <Shown member={member.data} />;
}

function Shown({ member }: { readonly member: Member }) {
  const may = useMay();
  const isMe = useMe()?.member.id === member.id;
  return (
    <Page
      title={member.name}
      trail={trail}
      heading={
        <>
          {member.name}
          <RoleBadge member={member} />
        </>
      }
      text={member.email}
      actions={
        <>
          {!isMe && member.kind === 'person' && member.status !== 'disabled' && <ActAs member={member} />}
          {may('members:write') && !isMe && member.status !== 'disabled' && <NewLink member={member} />}
          <Link to="/messages" search={{ member: member.id }} {...buttonLook()}>
            <Activity size={15} aria-hidden="true" /> Messages
          </Link>
        </>
      }
    >
      <Card>
        <Facts
          items={[
            ['Status', <MemberStatus key="status" member={member} />],
            [
              'Teams',
              member.teams.length === 0 ? (
                <span key="teams" className="faint">
                  none
                </span>
              ) : (
                <span key="teams" className="row">
                  {member.teams.map((team) => (
                    <Badge key={team.id}>{team.name}</Badge>
                  ))}
                </span>
              ),
            ],
            [
              'Second factor',
              member.hasSecondFactor ? (
                'set up'
              ) : (
                <span key="factor" className="faint">
                  none
                </span>
              ),
            ],
            ['Supervisor', member.supervisor?.name ?? 'nobody'],
            ...(member.expiresAt === null
              ? []
              : [['Access until', <RelativeTime key="until" at={member.expiresAt} />] as const]),
            ...(member.provisioned ? [['Kept by', 'an identity provider'] as const] : []),
            ['Last seen', <RelativeTime key="seen" at={member.lastSeenAt} />],
            ['Added', <RelativeTime key="added" at={member.createdAt} />],
            ['Id', <code key="id">{member.id}</code>],
          ]}
        />
      </Card>
      {may('grants:read') && <MemberGrants member={member} />}
      <MemberTokens member={member} />
      {may('tokens:write-any') && <SignInList member={member.id} />}
      {may('members:write') && member.kind === 'person' && <Supervision key={member.supervisor?.id} member={member} />}
      {may('members:write') && member.kind === 'person' && (
        <Settings key={`${member.name} ${member.role}`} member={member} isMe={isMe} />
      )}
    </Page>
  );
}

function NewLink({ member }: { readonly member: Member }) {
  const confirm = useConfirm();
  const make = useWrite('inviteAgain');
  const ask = async () => {
    const isInvited = member.status === 'invited';
    const sure =
      isInvited ||
      (await confirm({
        title: `Make a new password link for ${member.name}?`,
        text: 'With it they choose a new password; the old one works until then.',
        action: 'Make link',
      }));
    if (sure)
      make.mutate({ id: member.id }, { onError: (error) => warn('The link could not be made', sentenceOf(error)) });
  };
  return (
    <>
      <Button icon={Link2} busy={make.isPending} onClick={() => void ask()}>
        {member.status === 'invited' ? 'Invite again' : 'Password link'}
      </Button>
      <Dialog open={make.data !== undefined} onClose={() => make.reset()} title={`A link for ${member.name}`}>
        {make.data && <OneTimeLink link={make.data} name={member.name} />}
      </Dialog>
    </>
  );
}

function MemberGrants({ member }: { readonly member: Member }) {
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const all = useAll('listGrants', {}).data;
  const teams = new Set<string>(member.teams.map((team) => team.id));
  const theirs = all?.filter(
    ({ subject: { type, id } }) =>
      (type === 'member' && id === member.id) ||
      (type === 'team' && teams.has(id)) ||
      (type === 'role' && id === member.role),
  );
  if (member.role === 'admin') {
    return (
      <Section title="Grants">
        <p className="soft">Admins may use every server without a grant.</p>
      </Section>
    );
  }
  return (
    <Section
      title="Grants"
      text="What this member may use, also through teams and the role."
      actions={may('grants:write') && <Button onClick={() => setAdding(true)}>Add grant</Button>}
    >
      <GrantTable grants={theirs} />
      {adding && <AddGrant member={member.id} onClose={() => setAdding(false)} />}
    </Section>
  );
}

function MemberTokens({ member }: { readonly member: Member }) {
  const tokens = usePages('listTokens', { member: member.id });
  return (
    <Section title="Tokens">
      {tokens.error && !tokens.items ? (
        <Problem error={tokens.error} />
      ) : (
        <TokenTable tokens={tokens.items} without="member" />
      )}
    </Section>
  );
}

function Settings({ member, isMe }: { readonly member: Member; readonly isMe: boolean }) {
  const update = useWrite('updateMember', 'auth');
  const actions = useMemberActions();
  const navigate = useNavigate();
  const [name, setName] = useState(member.name);
  const [role, setRole] = useState(member.role);
  const isDisabled = member.status === 'disabled';
  const remove = async () => {
    if (await actions.remove(member)) void navigate({ to: '/members' });
  };
  return (
    <Section title="Settings">
      <Card>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            update.mutate({ id: member.id, name, role }, { onSuccess: () => say(`${name} is saved`) });
          }}
        >
          {update.error && <Problem error={update.error} title="The change could not be saved" />}
          <Field label="Name" required>
            {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          {isMe ? (
            <p className="soft">Another admin can change your role.</p>
          ) : (
            <RoleField value={role} onChange={setRole} />
          )}
          <div className="row">
            <Button
              type="submit"
              kind="primary"
              busy={update.isPending}
              disabled={name.trim() === '' || (name === member.name && role === member.role)}
            >
              Save
            </Button>
            {!isMe && (
              <>
                <Button onClick={() => void actions.setDisabled(member, !isDisabled)}>
                  {isDisabled ? 'Enable' : 'Disable'}
                </Button>
                {member.hasSecondFactor && (
                  <Button onClick={() => void actions.resetSecondFactor(member)}>Reset second factor</Button>
                )}
                <Button kind="danger" onClick={() => void remove()}>
                  Remove member
                </Button>
              </>
            )}
          </div>
        </form>
      </Card>
    </Section>
  );
}
