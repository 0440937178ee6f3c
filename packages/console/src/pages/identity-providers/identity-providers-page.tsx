import { Ellipsis, Fingerprint, Plus } from 'lucide-react';
import { useState } from 'react';
import { type ItemOf, useRead, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Badge, StatusDot } from '../../parts/badge.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { EditProvider } from './edit-provider.tsx';
import { TestProvider } from './test-provider.tsx';
import './identity-providers-page.css';

export type Provider = ItemOf<'listIdentityProviders'>;

export function IdentityProvidersPage() {
  const may = useMay();
  const mayWrite = may('organization:write');
  const providers = useRead('listIdentityProviders', {});
  const [editing, setEditing] = useState<Provider | 'new' | null>(null);
  const [testing, setTesting] = useState<Provider | null>(null);
  const actionColumn: Column<Provider> = {
    key: 'actions',
    head: 'Actions',
    quiet: true,
    align: 'end',
    cell: (provider) => (
      <span className="row provider-actions">
        <Button size="small" onClick={() => setTesting(provider)}>
          Test
        </Button>
        <ProviderMenu provider={provider} onEdit={() => setEditing(provider)} />
      </span>
    ),
  };
  return (
    <Page
      title="Identity providers"
      text="Where members prove who they are besides here: your directory, over OpenID Connect."
      actions={
        mayWrite && (
          <Button kind="primary" icon={Plus} onClick={() => setEditing('new')}>
            Add provider
          </Button>
        )
      }
    >
      {providers.error && !providers.data ? (
        <Problem error={providers.error} onRetry={() => void providers.refetch()} />
      ) : providers.data?.items.length === 0 ? (
        <EmptyState
          icon={Fingerprint}
          title="No identity provider yet"
          text="With one, members sign in with the account they have already."
        />
      ) : (
        <Table
          caption="Identity providers"
          columns={mayWrite ? [...columns, actionColumn] : columns}
          rows={providers.data?.items}
          rowKey={({ id }) => id}
          dim={({ enabled }) => !enabled}
        />
      )}
      {editing !== null && (
        <EditProvider
          key={editing === 'new' ? 'new' : editing.id}
          provider={editing === 'new' ? null : editing}
          onClose={() => setEditing(null)}
          onSaved={setTesting}
        />
      )}
      {testing !== null && <TestProvider provider={testing} onClose={() => setTesting(null)} />}
    </Page>
  );
}

const columns: readonly Column<Provider>[] = [
  {
    key: 'name',
    head: 'Provider',
    phone: 'bare',
    wide: true,
    cell: ({ name, issuer }) => (
      <div>
        <span className="row-link">{name}</span>
        <p className="faint clip">{issuer}</p>
      </div>
    ),
  },
  {
    key: 'domains',
    head: 'Speaks for',
    cell: ({ domains }) =>
      domains.length === 0 ? (
        <span className="faint">no domain</span>
      ) : (
        <span className="row">
          {domains.slice(0, 3).map((domain) => (
            <Badge key={domain}>{domain}</Badge>
          ))}
          {domains.length > 3 && <span className="faint">+{domains.length - 3}</span>}
        </span>
      ),
  },
  {
    key: 'newcomers',
    head: 'Newcomers',
    phone: 'hidden',
    cell: ({ createMembers }) => (createMembers ? 'become members' : <span className="faint">are invited</span>),
  },
  { key: 'members', head: 'Members', align: 'end', cell: ({ members }) => members },
  {
    key: 'status',
    head: 'Status',
    cell: ({ enabled }) => <StatusDot tone={enabled ? 'ok' : 'neutral'} label={enabled ? 'On' : 'Off'} />,
  },
];

function ProviderMenu({ provider, onEdit }: { readonly provider: Provider; readonly onEdit: () => void }) {
  const confirm = useConfirm();
  const remove = useWrite('removeIdentityProvider', 'members', 'sign-ins');
  const { id, name } = provider;
  const ask = async () => {
    const text = 'Sign-ins that began there end now, and who is who there is forgotten. The members stay.';
    if (!(await confirm({ title: `Remove ${name}?`, text, action: 'Remove provider', danger: true, typed: name })))
      return;
    remove.mutate(
      { id },
      {
        onSuccess: () => say(`${name} is removed`),
        onError: (error) => warn(`${name} could not be removed`, sentenceOf(error)),
      },
    );
  };
  return (
    <Menu
      trigger={<IconButton icon={Ellipsis} label={`Actions for ${name}`} />}
      actions={[
        { label: 'Edit', onSelect: onEdit },
        null,
        { label: 'Remove…', danger: true, onSelect: () => void ask() },
      ]}
    />
  );
}
