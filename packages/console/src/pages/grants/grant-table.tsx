import { Link } from '@tanstack/react-router';
import { Handshake, Trash2 } from 'lucide-react';
import { type ItemOf, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { IconButton } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';
import './grant-table.css';

export type Grant = ItemOf<'listGrants'>;

interface GrantTableProps {
  /** undefined while loading. */
  readonly grants: readonly Grant[] | undefined;
  /** The column that the page around it already says. */
  readonly without?: 'server' | 'subject';
}

export function GrantTable({ grants, without }: GrantTableProps) {
  const may = useMay();
  if (grants?.length === 0) {
    return (
      <EmptyState
        icon={Handshake}
        title="No grants here"
        text="A grant lets a member, a team or everyone of a role use a server, or only some of its tools. It holds from the next message on."
        command="mcpvault grants add everything --member ada@example.org"
      />
    );
  }
  const columns: readonly (Column<Grant> | false)[] = [
    without !== 'subject' && { key: 'subject', head: 'Who', phone: 'bare', cell: (grant) => <Subject grant={grant} /> },
    without !== 'server' && {
      key: 'server',
      head: 'Server',
      cell: ({ server }) => (
        <Link to="/servers/$id" params={{ id: server.id }} search={{ tab: 'access' }} className="row-link">
          {server.name}
        </Link>
      ),
    },
    { key: 'tools', head: 'What', wide: true, cell: (grant) => <Tools grant={grant} /> },
    { key: 'expires', head: 'Expires', cell: (grant) => <RelativeTime at={grant.expiresAt} /> },
    may('grants:write') && {
      key: 'actions',
      head: 'Actions',
      quiet: true,
      align: 'end',
      cell: (grant) => <TakeBack grant={grant} />,
    },
  ];
  return (
    <Table
      caption="Grants"
      columns={columns.filter((column) => column !== false)}
      rows={grants}
      rowKey={(grant) => grant.id}
    />
  );
}

function Subject({ grant: { subject, effect } }: { readonly grant: Grant }) {
  const { type, id, label } = subject;
  return (
    <span className="row">
      {type === 'member' ? (
        <Link to="/members/$id" params={{ id }} className="row-link">
          {label}
        </Link>
      ) : type === 'team' ? (
        <Link to="/teams" className="row-link">
          {label}
        </Link>
      ) : (
        <span className="row-link">every {label}</span>
      )}
      <Badge>{type}</Badge>
      {effect === 'deny' && <Badge tone="bad">denied</Badge>}
    </span>
  );
}

function Tools({ grant }: { readonly grant: Grant }) {
  const { tools, prompts, resources, condition, reason } = grant;
  const named = [...(tools ?? []), ...(prompts ?? []), ...(resources ?? [])];
  return (
    <span className="grant-what">
      {tools === null && prompts === null && resources === null ? (
        <span className="soft">everything</span>
      ) : (
        <span className="row" title={named.join(', ')}>
          {named.slice(0, 4).map((name) => (
            <code key={name}>{name}</code>
          ))}
          {named.length > 4 && <span className="faint">and {named.length - 4} more</span>}
        </span>
      )}
      {condition !== null && (
        <span className="faint" title={reason ?? undefined}>
          where <code>{condition}</code>
        </span>
      )}
    </span>
  );
}

function TakeBack({ grant }: { readonly grant: Grant }) {
  const remove = useWrite('removeGrant', 'servers');
  const create = useWrite('createGrant', 'servers');
  const isDeny = grant.effect === 'deny';
  const [whom, what] = [grant.subject.label, grant.server.name];
  const undo = () => {
    const { effect, subject, server, tools, prompts, resources, condition, reason, expiresAt } = grant;
    const about = { effect, tools, prompts, resources, condition, reason, expiresAt };
    create.mutate(
      { ...about, subject: subject as Parameters<typeof create.mutate>[0]['subject'], server: server.id },
      { onError: (error) => warn('The grant could not be given again', sentenceOf(error)) },
    );
  };
  return (
    <IconButton
      icon={Trash2}
      label={isDeny ? `Remove the deny of ${what} for ${whom}` : `Take back ${what} from ${whom}`}
      disabled={remove.isPending}
      onClick={() =>
        remove.mutate(
          { id: grant.id },
          {
            onSuccess: () =>
              say(isDeny ? `${whom} is no longer denied ${what}` : `${whom} can no longer use ${what}`, { undo }),
            onError: (error) => warn('The grant could not be taken back', sentenceOf(error)),
          },
        )
      }
    />
  );
}
