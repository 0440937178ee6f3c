import { Bot, Ellipsis, Plus } from 'lucide-react';
import { useState } from 'react';
import { type ItemOf, usePages, useRead, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Badge, StatusDot } from '../../parts/badge.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Menu } from '../../parts/menu.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { MakeToken } from '../tokens/make-token.tsx';
import { TokenTable } from '../tokens/token-table.tsx';
import { AddAccount } from './add-account.tsx';

type Account = ItemOf<'listServiceAccounts'>;

export function ServiceAccountsPage() {
  const may = useMay();
  const accounts = usePages('listServiceAccounts', {});
  const [adding, setAdding] = useState(false);
  const [keysOf, setKeysOf] = useState<Account | null>(null);
  const [keyFor, setKeyFor] = useState<Account | null>(null);
  const addButton = may('service-accounts:write') && (
    <Button kind="primary" icon={Plus} onClick={() => setAdding(true)}>
      Add service account
    </Button>
  );
  const actionColumn: Column<Account> = {
    key: 'actions',
    head: 'Actions',
    quiet: true,
    align: 'end',
    cell: (account) => (
      <AccountMenu account={account} onKeys={() => setKeysOf(account)} onNewKey={() => setKeyFor(account)} />
    ),
  };
  return (
    <Page
      title="Service accounts"
      text="Callers that are no people: they never sign in, they have keys. Each has an owner who answers for it."
      actions={addButton}
    >
      {accounts.error && !accounts.items ? (
        <Problem error={accounts.error} onRetry={() => void accounts.refetch()} />
      ) : accounts.items?.length === 0 ? (
        <EmptyState
          icon={Bot}
          title="No service accounts"
          text="Give a build, a job or an agent an account of its own, so that its calls are told apart and its keys end with it."
          action={addButton}
        />
      ) : (
        <Table
          caption="Service accounts"
          columns={[...columns, actionColumn]}
          rows={accounts.items}
          rowKey={(account) => account.id}
          dim={(account) => account.status === 'disabled'}
        />
      )}
      <MoreButton query={accounts} />
      {adding && <AddAccount onClose={() => setAdding(false)} />}
      {keyFor && <MakeToken account={keyFor} onClose={() => setKeyFor(null)} />}
      {keysOf && <Keys account={keysOf} onClose={() => setKeysOf(null)} />}
    </Page>
  );
}

const columns: readonly Column<Account>[] = [
  {
    key: 'name',
    head: 'Service account',
    phone: 'bare',
    wide: true,
    cell: (account) => (
      <div>
        <span className="row-link">{account.name}</span>
        <p className="faint">{account.id}</p>
      </div>
    ),
  },
  {
    key: 'owner',
    head: 'Owner',
    cell: ({ owner, endsWithOwner }) => (
      <span className="row">
        {owner.label}
        {owner.type === 'team' && <Badge>team</Badge>}
        {endsWithOwner && <span className="faint">ends with them</span>}
      </span>
    ),
  },
  { key: 'role', head: 'Role', phone: 'hidden', cell: (account) => <Badge>{account.roleName}</Badge> },
  {
    key: 'status',
    head: 'Status',
    cell: ({ status }) => (
      <StatusDot tone={status === 'active' ? 'ok' : 'neutral'} label={status === 'active' ? 'Active' : 'Disabled'} />
    ),
  },
  { key: 'seen', head: 'Last seen', align: 'end', cell: (account) => <RelativeTime at={account.lastSeenAt} /> },
];

interface AccountMenuProps {
  readonly account: Account;
  readonly onKeys: () => void;
  readonly onNewKey: () => void;
}

function AccountMenu({ account, onKeys, onNewKey }: AccountMenuProps) {
  const may = useMay();
  const confirm = useConfirm();
  const update = useWrite('updateServiceAccount', 'members');
  const remove = useWrite('removeServiceAccount', 'members', 'grants', 'tokens');
  const isDisabled = account.status === 'disabled';
  const setDisabled = (disabled: boolean) =>
    update.mutate(
      { id: account.id, disabled },
      {
        onSuccess: () => say(`${account.name} is ${disabled ? 'disabled' : 'enabled'}`),
        onError: (error) => warn('This could not be changed', sentenceOf(error)),
      },
    );
  const ask = async () => {
    const sure = await confirm({
      title: `Remove ${account.name}?`,
      text: 'Its keys and grants end now. Its messages stay in the record under this name.',
      action: 'Remove service account',
      danger: true,
    });
    if (!sure) return;
    remove.mutate(
      { id: account.id },
      {
        onSuccess: () => say(`${account.name} is removed`),
        onError: (error) => warn('It could not be removed', sentenceOf(error)),
      },
    );
  };
  const writing = [
    { label: isDisabled ? 'Enable' : 'Disable', onSelect: () => setDisabled(!isDisabled) },
    null,
    { label: 'Remove…', danger: true, onSelect: () => void ask() },
  ];
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={`Actions for ${account.name}`} />}
      actions={[
        { label: 'Make a key', onSelect: onNewKey },
        { label: 'Keys', onSelect: onKeys },
        ...(may('service-accounts:write') ? writing : []),
      ]}
    />
  );
}

function Keys({ account, onClose }: { readonly account: Account; readonly onClose: () => void }) {
  const tokens = useRead('listTokens', { member: account.id });
  return (
    <Dialog open onClose={onClose} size="large" title={`Keys of ${account.name}`}>
      {tokens.error ? <Problem error={tokens.error} /> : <TokenTable tokens={tokens.data?.items} without="member" />}
    </Dialog>
  );
}
