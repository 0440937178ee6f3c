import { Gauge, Plus, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type ItemOf, useRead, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Switch } from '../../parts/field.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { AddLimit } from './add-limit.tsx';
import './limits-page.css';

export type Limit = ItemOf<'listLimits'>;

export function LimitsPage() {
  const mayWrite = useMay()('limits:write');
  const limits = useRead('listLimits', {});
  const [isAdding, setAdding] = useState(false);
  return (
    <Page
      title="Limits"
      text="How many calls there may be: rates, with calls that may come at once, and quotas per day or month (UTC)."
      actions={
        mayWrite && (
          <Button kind="primary" icon={Plus} onClick={() => setAdding(true)}>
            Add limit
          </Button>
        )
      }
    >
      {limits.error && !limits.data ? (
        <Problem error={limits.error} onRetry={() => void limits.refetch()} />
      ) : limits.data?.items.length === 0 ? (
        <EmptyState
          icon={Gauge}
          title="No limits"
          text="A limit keeps one member, team, token or server from using up what is there for all. Whoever runs into it is told when to come again."
          command='mcpvault limits add "Fair share" 60/minute --each member --burst 20'
        />
      ) : (
        <Table
          caption="Limits"
          columns={mayWrite ? [...columns, actions] : columns}
          rows={limits.data?.items}
          rowKey={({ id }) => id}
          dim={({ enabled }) => !enabled}
        />
      )}
      {isAdding && <AddLimit onClose={() => setAdding(false)} />}
    </Page>
  );
}

const columns: readonly Column<Limit>[] = [
  { key: 'name', head: 'Limit', phone: 'bare', cell: ({ name }) => <span className="row-link">{name}</span> },
  { key: 'allows', head: 'Allows', cell: amountOf },
  { key: 'of', head: 'Of', cell: whoseOf },
  { key: 'for', head: 'For', cell: whatOf },
  { key: 'use', head: 'Used', wide: true, cell: (limit) => <Use limit={limit} /> },
];

const actions: Column<Limit> = {
  key: 'actions',
  head: 'Actions',
  quiet: true,
  align: 'end',
  cell: (limit) => <Actions limit={limit} />,
};

function amountOf({ calls, per, burst }: Limit): string {
  return `${calls} a ${per}${burst === null || burst === calls ? '' : `, ${burst} at once`}`;
}

function whoseOf({ subject }: Limit): string {
  if (subject.type === 'organization') return 'everybody together';
  return subject.id === null ? `each ${subject.type}` : (subject.label ?? subject.id);
}

function whatOf({ server, tools }: Limit): string {
  const of = server?.name ?? 'every server';
  return tools === null ? of : `${tools.join(', ')} of ${of}`;
}

/** Of those who used most of it. */
function Use({ limit: { use } }: { readonly limit: Limit }) {
  if (use.length === 0) return <span className="faint">nothing lately</span>;
  return (
    <ul className="limit-use">
      {use.slice(0, 3).map(({ subject, used, left }) => (
        <li key={subject?.id ?? ''}>
          <span>{subject?.label ?? 'all'}</span>
          <meter min={0} max={used + left} value={used} aria-label={`${used} of ${used + left} used`} />
          <span className="faint">
            {used} of {used + left}
          </span>
        </li>
      ))}
    </ul>
  );
}

function Actions({ limit }: { readonly limit: Limit }) {
  const update = useWrite('updateLimit');
  const remove = useWrite('removeLimit');
  const confirm = useConfirm();
  const failed = (error: unknown) => warn('The limit could not be changed', sentenceOf(error));
  const askToRemove = async () => {
    const sure = await confirm({
      title: `Remove ${limit.name}?`,
      text: 'Its calls are no longer counted, and what was counted is forgotten.',
      action: 'Remove limit',
    });
    if (sure) remove.mutate({ id: limit.id }, { onSuccess: () => say(`${limit.name} is gone`), onError: failed });
  };
  return (
    <span className="row">
      <Switch
        quiet
        label={`${limit.name} holds`}
        checked={limit.enabled}
        disabled={update.isPending}
        onChange={(enabled) => update.mutate({ id: limit.id, enabled }, { onError: failed })}
      />
      <IconButton icon={Trash2} label={`Remove ${limit.name}`} onClick={() => void askToRemove()} />
    </span>
  );
}
