import { Link } from '@tanstack/react-router';
import { Ban, KeyRound, RefreshCw } from 'lucide-react';
import { type ItemOf, useWrite } from '../../api/hub.ts';
import { useMay, useMe } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { IconButton } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useNow } from '../../parts/now.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';

type Token = ItemOf<'listTokens'>;

interface TokenTableProps {
  /** undefined while loading. */
  readonly tokens: readonly Token[] | undefined;
  /** `member`: the page around is about one member; `owner`: they are the reader's own. */
  readonly without?: 'member' | 'owner';
}

export function TokenTable({ tokens, without }: TokenTableProps) {
  const may = useMay();
  const now = useNow();
  if (tokens?.length === 0 && without === 'member') return <p className="soft">No tokens.</p>;
  if (tokens?.length === 0) {
    return (
      <EmptyState
        icon={KeyRound}
        title="No tokens yet"
        text="A client signs in with a personal token. Make one for each client, so that each can be revoked by itself."
        command="mcpvault tokens create 'Claude Code'"
      />
    );
  }
  const columns: readonly (Column<Token> | false)[] = [
    {
      key: 'name',
      head: 'Token',
      phone: 'bare',
      wide: true,
      cell: (token) => (
        <div>
          <span className="row">
            <span className="row-link">{token.name}</span>
            <TokenState token={token} now={now} />
            {token.scope && <Badge>{scopeText(token.scope)}</Badge>}
          </span>
          <code className="faint">{token.prefix}…</code>
        </div>
      ),
    },
    without === undefined && {
      key: 'member',
      head: 'Member',
      cell: ({ member }) =>
        may('members:read') ? (
          <Link to="/members/$id" params={{ id: member.id }}>
            {member.email}
          </Link>
        ) : (
          member.email
        ),
    },
    { key: 'used', head: 'Last used', cell: (token) => <RelativeTime at={token.lastUsedAt} /> },
    { key: 'made', head: 'Made', phone: 'hidden', cell: (token) => <RelativeTime at={token.createdAt} /> },
    { key: 'expires', head: 'Expires', cell: (token) => <RelativeTime at={token.expiresAt} /> },
    {
      key: 'actions',
      head: 'Actions',
      quiet: true,
      align: 'end',
      cell: (token) => <Actions token={token} now={now} />,
    },
  ];
  return (
    <Table
      caption="Tokens"
      columns={columns.filter((column) => column !== false)}
      rows={tokens}
      rowKey={(token) => token.id}
      dim={(token) => isOver(token, now)}
    />
  );
}

function isOver(token: Token, now: number): boolean {
  return token.revokedAt !== null || (token.expiresAt !== null && Date.parse(token.expiresAt) <= now);
}

function scopeText({ servers, operations }: NonNullable<Token['scope']>): string {
  const some = servers === null ? [] : [servers.map(({ server }) => server.name).join(', ') || 'no server'];
  return [...some, ...(operations === null ? [] : [operations.join(', ') || 'no operation'])].join(' · ');
}

function Actions({ token, now }: { readonly token: Token; readonly now: number }) {
  return (
    <span className="row">
      {!isOver(token, now) && token.replacedBy === null && <Rotate token={token} />}
      <Revoke token={token} />
    </span>
  );
}

function Rotate({ token }: { readonly token: Token }) {
  const rotate = useWrite('rotateToken');
  const confirm = useConfirm();
  const ask = async () => {
    const sure = await confirm({
      title: `Rotate “${token.name}”?`,
      text: 'You get a new token of the same scope. The old one works on for a day, so that you can put the new one where it is needed.',
      action: 'Rotate token',
    });
    if (!sure) return;
    rotate.mutate({ id: token.id }, { onError: (error) => warn('It could not be rotated', sentenceOf(error)) });
  };
  return (
    <>
      <IconButton icon={RefreshCw} label={`Rotate ${token.name}`} onClick={() => void ask()} />
      <Dialog open={rotate.data !== undefined} onClose={() => rotate.reset()} title={`The new “${token.name}”`}>
        {rotate.data && (
          <>
            <Notice tone="warn" title="Copy it now: it is not shown again.">
              <p className="soft">
                The old one ends <RelativeTime at={rotate.data.oldUntil} />.
              </p>
            </Notice>
            <CodeBlock label="Token" text={rotate.data.token} />
          </>
        )}
      </Dialog>
    </>
  );
}

function TokenState({ token, now }: { readonly token: Token; readonly now: number }) {
  if (token.revokedAt !== null) return <Badge tone="bad">revoked</Badge>;
  return isOver(token, now) ? <Badge tone="warn">expired</Badge> : null;
}

function Revoke({ token }: { readonly token: Token }) {
  const confirm = useConfirm();
  const isMine = useMe()?.member.id === token.member.id;
  const revoke = useWrite('revokeToken');
  if (token.revokedAt !== null) return null;
  const ask = async () => {
    const sure = await confirm({
      title: `Revoke “${token.name}”?`,
      text: `${isMine ? 'Clients' : `Clients of ${token.member.email}`} that use it are refused from their next request on. A revoked token cannot be brought back; a new one can be made at any time.`,
      action: 'Revoke token',
      danger: true,
    });
    if (!sure) return;
    revoke.mutate(
      { id: token.id },
      {
        onSuccess: () => say(`“${token.name}” is revoked`),
        onError: (error) => warn('The token could not be revoked', sentenceOf(error)),
      },
    );
  };
  return <IconButton icon={Ban} label={`Revoke ${token.name}`} onClick={() => void ask()} />;
}
