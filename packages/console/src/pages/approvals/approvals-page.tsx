// Held calls: what waits for a yes on the left, the one that is looked at on the right. At phone width one after the other.
import { Link, useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { ArrowLeft, Handshake } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { type ItemOf, usePages } from '../../api/hub.ts';
import { Badge, StatusDot } from '../../parts/badge.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { useShortcuts } from '../../parts/shortcuts.ts';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { LinkTabs } from '../../parts/tabs.tsx';
import { ApprovalDetail } from './approval-detail.tsx';
import { type Asked, stateLooks, stateText, wishOf } from './approval-words.ts';
import './approvals-page.css';

export function ApprovalsPage() {
  const { show } = useSearch({ strict: false }) as { readonly show?: 'all' };
  const { id: selected } = useParams({ strict: false }) as { readonly id?: string };
  const navigate = useNavigate();
  const list = usePages('listApprovals', show === 'all' ? {} : { state: 'pending' });
  const items = list.items ?? [];
  const move = (by: number): void => {
    const at = items.findIndex(({ id }) => id === selected);
    const next = items[Math.max(0, Math.min(items.length - 1, at + by))];
    if (next) void navigate({ to: '/approvals/$id', params: { id: next.id }, search: { show } });
  };
  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    Escape: () => void navigate({ to: '/approvals', search: { show } }),
  });
  return (
    <Page
      title="Approvals"
      text="Calls that a policy holds until somebody says yes: your own, and those that are yours to decide."
      wide
    >
      <LinkTabs
        label="Which"
        tabs={[
          {
            label: 'Waiting',
            link: { to: '/approvals', search: { show: undefined }, activeOptions: { explicitUndefined: true } },
            active: show !== 'all',
            ...(show !== 'all' && list.items && { count: items.length }),
          },
          { label: 'All', link: { to: '/approvals', search: { show: 'all' } }, active: show === 'all' },
        ]}
      />
      <div className="approvals" data-open={selected !== undefined || undefined}>
        <div className="approvals-list">
          {list.error && !list.items ? (
            <Problem error={list.error} onRetry={() => void list.refetch()} />
          ) : list.items === undefined ? (
            <SkeletonLines count={6} label="Loading held calls" />
          ) : items.length === 0 ? (
            <NothingHeld all={show === 'all'} />
          ) : (
            <ul aria-label="Held calls">
              {items.map((asked) => (
                <Row key={asked.id} asked={asked} isSelected={asked.id === selected} show={show} />
              ))}
            </ul>
          )}
          <MoreButton query={list} />
        </div>
        {selected !== undefined && (
          <div className="approvals-open">
            <Link to="/approvals" search={{ show }} className="approvals-back">
              <ArrowLeft size={15} aria-hidden="true" />
              All held calls
            </Link>
            <ApprovalDetail key={selected} id={selected as Asked['id']} />
          </div>
        )}
        {selected === undefined && items.length > 0 && (
          <p className="approvals-hint soft">
            Choose a call, or walk through them with <kbd>j</kbd> and <kbd>k</kbd>.
          </p>
        )}
      </div>
    </Page>
  );
}

function Row({
  asked,
  isSelected,
  show,
}: {
  readonly asked: ItemOf<'listApprovals'>;
  readonly isSelected: boolean;
  readonly show: 'all' | undefined;
}) {
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    if (isSelected) link.current?.scrollIntoView({ block: 'nearest' });
  }, [isSelected]);
  const { tone } = stateLooks[asked.state];
  return (
    <li>
      <Link
        ref={link}
        to="/approvals/$id"
        params={{ id: asked.id }}
        search={{ show }}
        className="approval-row"
        aria-current={isSelected ? 'true' : undefined}
      >
        <span className="approval-row-head">
          <strong className="clip">{wishOf(asked)}</strong>
          {asked.isOwn && <Badge>yours</Badge>}
        </span>
        <span className="approval-row-foot">
          <span className="clip soft">{asked.member.email}</span>
          <RelativeTime at={asked.createdAt} />
        </span>
        <StatusDot tone={tone} label={stateText(asked)} pulsing={asked.state === 'pending' && asked.whyNot === null} />
      </Link>
    </li>
  );
}

function NothingHeld({ all }: { readonly all: boolean }) {
  return (
    <EmptyState
      icon={Handshake}
      title={all ? 'Nothing was ever held' : 'Nothing waits for anybody'}
      text={
        <p>
          A policy with the action <code>hold</code> keeps a call back until somebody says yes, here or on the command
          line. The AI client that made it waits meanwhile. Among the policies that come along, “Destructive tools need
          approval” is one to begin with.
        </p>
      }
      command="mcpvault approvals list --mine-to-decide"
    />
  );
}
