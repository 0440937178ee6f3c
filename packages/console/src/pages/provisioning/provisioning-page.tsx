import { Plus } from 'lucide-react';
import { useState } from 'react';
import { type ItemOf, type Output, usePages, useRead, useWrite } from '../../api/hub.ts';
import { counted } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Input, Select } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Card, Page, Section } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';
import './provisioning-page.css';

type Provisioning = Output<'getProvisioning'>;
type Rule = Provisioning['groups'][number];
type Token = ItemOf<'listProvisioningTokens'>;

export function ProvisioningPage() {
  const settings = useRead('getProvisioning', {});
  return (
    <Page
      title="Provisioning"
      text="An identity provider makes, changes and ends members and teams here, over SCIM 2.0, as Entra and Okta speak it."
    >
      {settings.error && !settings.data ? (
        <Problem error={settings.error} onRetry={() => void settings.refetch()} />
      ) : settings.data === undefined ? (
        <SkeletonLines count={5} label="Loading the settings" />
      ) : (
        <>
          <Section title="Address" text="What the provider asks for as the SCIM endpoint, base URL or tenant URL.">
            <CodeBlock label="SCIM endpoint" text={settings.data.url} />
            <p className="soft">
              {counted(settings.data.members, 'member')} and {counted(settings.data.teams, 'team')} are kept by a
              provider.
            </p>
          </Section>
          <Tokens />
          <Rules key={JSON.stringify(settings.data.groups)} settings={settings.data} />
        </>
      )}
    </Page>
  );
}

function Tokens() {
  const tokens = usePages('listProvisioningTokens', {});
  const [making, setMaking] = useState(false);
  return (
    <Section
      title="Tokens"
      text="With one of them the provider signs in. It reaches provisioning and nothing else."
      actions={
        <Button icon={Plus} onClick={() => setMaking(true)}>
          Make token
        </Button>
      }
    >
      {tokens.items?.length === 0 ? (
        <p className="soft">No tokens yet: nobody provisions here.</p>
      ) : (
        <Table
          caption="Provisioning tokens"
          columns={columns}
          rows={tokens.items}
          rowKey={(token) => token.id}
          dim={(token) => token.revokedAt !== null}
        />
      )}
      {making && <MakeProvisioningToken onClose={() => setMaking(false)} />}
    </Section>
  );
}

const columns: readonly Column<Token>[] = [
  {
    key: 'name',
    head: 'Token',
    phone: 'bare',
    wide: true,
    cell: (token) => (
      <div>
        <span className="row">
          <span className="row-link">{token.name}</span>
          {token.revokedAt !== null && <Badge tone="bad">revoked</Badge>}
        </span>
        <code className="faint">{token.prefix}…</code>
      </div>
    ),
  },
  { key: 'used', head: 'Last used', cell: (token) => <RelativeTime at={token.lastUsedAt} /> },
  { key: 'made', head: 'Made', phone: 'hidden', cell: (token) => <RelativeTime at={token.createdAt} /> },
  { key: 'actions', head: 'Actions', quiet: true, align: 'end', cell: (token) => <Revoke token={token} /> },
];

function Revoke({ token }: { readonly token: Token }) {
  const confirm = useConfirm();
  const revoke = useWrite('revokeProvisioningToken');
  if (token.revokedAt !== null) return null;
  const ask = async () => {
    const sure = await confirm({
      title: `Revoke “${token.name}”?`,
      text: 'The provider that uses it is refused from its next request on. Members and teams stay as they are.',
      action: 'Revoke token',
      danger: true,
    });
    if (!sure) return;
    revoke.mutate({ id: token.id }, { onError: (error) => warn('It could not be revoked', sentenceOf(error)) });
  };
  return (
    <Button size="small" onClick={() => void ask()}>
      Revoke
    </Button>
  );
}

function MakeProvisioningToken({ onClose }: { readonly onClose: () => void }) {
  const create = useWrite('createProvisioningToken');
  const [name, setName] = useState('');
  const made = create.data;
  return (
    <Dialog
      open
      onClose={onClose}
      title={made ? `Token “${made.name}”` : 'Make a token for a provider'}
      footer={
        made ? (
          <Button kind="primary" onClick={onClose}>
            I have copied it
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button kind="primary" type="submit" form="provisioning-token" busy={create.isPending}>
              Make token
            </Button>
          </>
        )
      }
    >
      {made ? (
        <>
          <Notice tone="warn" title="Copy it now: it is not shown again." />
          <CodeBlock label="Token" text={made.token} />
        </>
      ) : (
        <form
          id="provisioning-token"
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            create.mutate({ name });
          }}
        >
          {create.error && <Problem error={create.error} title="The token could not be made" />}
          <Field label="Name" required hint="Which provider it is for.">
            {(control) => (
              <Input {...control} placeholder="Entra" value={name} onChange={(event) => setName(event.target.value)} />
            )}
          </Field>
        </form>
      )}
    </Dialog>
  );
}

function Rules({ settings }: { readonly settings: Provisioning }) {
  const roles = useRead('listRoles', {}).data?.items ?? [];
  const update = useWrite('updateProvisioning');
  const [defaultRole, setDefaultRole] = useState(settings.defaultRole);
  const [groups, setGroups] = useState<readonly Rule[]>(settings.groups);
  // The feed may tell of the change before the answer does, and then this is drawn anew: what is said must not hang on it.
  const save = async (): Promise<void> => {
    try {
      await update.mutateAsync({ defaultRole, groups: [...groups] });
      say('The rules are saved');
    } catch {
      // The form says what went wrong.
    }
  };
  const change = (at: number, rule: Rule) => setGroups(groups.map((each, index) => (index === at ? rule : each)));
  const choices = roles.map(({ id, name }) => (
    <option key={id} value={id}>
      {name}
    </option>
  ));
  return (
    <Section
      title="Roles"
      text="What provisioned members may do. The first group of the list that a member belongs to decides. A role that stands nowhere here is given by hand, and stays."
    >
      <Card>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            void save();
          }}
        >
          {update.error && <Problem error={update.error} title="The rules could not be saved" />}
          <Field label="Of everybody else">
            {(control) => (
              <Select
                {...control}
                value={defaultRole}
                onChange={(event) => setDefaultRole(event.target.value as Rule['role'])}
              >
                {choices}
              </Select>
            )}
          </Field>
          {groups.map((rule, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- a rule is what stands at its place
            <div key={at} className="group-rule">
              <Input
                aria-label={`Group ${at + 1}`}
                placeholder="Name of the group"
                required
                value={rule.group}
                onChange={(event) => change(at, { ...rule, group: event.target.value })}
              />
              <Select
                aria-label={`Role of group ${at + 1}`}
                value={rule.role}
                onChange={(event) => change(at, { ...rule, role: event.target.value as Rule['role'] })}
              >
                {choices}
              </Select>
              <Button onClick={() => setGroups(groups.filter((_, index) => index !== at))}>Remove</Button>
            </div>
          ))}
          <div className="row">
            <Button onClick={() => setGroups([...groups, { group: '', role: 'member' }])}>Add a group</Button>
            <Button kind="primary" type="submit" busy={update.isPending}>
              Save
            </Button>
          </div>
        </form>
      </Card>
    </Section>
  );
}
