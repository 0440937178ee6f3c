// The inbox, worked through from the keyboard: j and k move, a takes on, e resolves, d dismisses, x chooses several.
import { Link, useNavigate } from '@tanstack/react-router';
import { BellRing, Maximize2, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { usePages } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { counted } from '../../format.ts';
import { Button, buttonLook, IconButton } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useShortcuts } from '../../parts/shortcuts.ts';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { Tooltip } from '../../parts/tooltip.tsx';
import { useMedia } from '../../parts/use-media.ts';
import { VirtualList, type VirtualListHandle } from '../../parts/virtual-list.tsx';
import { AlertDetail } from './alert-detail.tsx';
import { AlertCells, alertHeads } from './alert-row.tsx';
import { type Alert, alertFilterCount, alertInput, type AlertSearch, nextAfter } from './alert-search.ts';
import { useAlertActions, type Verb } from './use-alert-actions.ts';

interface AlertInboxProps {
  readonly search: AlertSearch;
  readonly onChange: (search: AlertSearch) => void;
}

const idOf = ({ id }: Alert) => id;

export function AlertInbox({ search, onChange }: AlertInboxProps) {
  const { open = null, ...filters } = search;
  const alerts = usePages('listAlerts', alertInput(filters));
  const items = alerts.items ?? [];
  const isPhone = useMedia('(width < 800px)');
  const navigate = useNavigate();
  const list = useRef<VirtualListHandle>(null);
  const comment = useRef<HTMLTextAreaElement>(null);
  const [selected, setSelected] = useState<string | null>(open);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const actions = useAlertActions();
  const mayWrite = useMay()('alerts:write');

  const show = (id: string | null) => onChange({ ...filters, ...(id !== null && { open: id }) });
  const openPage = (id: string) => void navigate({ to: '/alerts/$id', params: { id } });
  const openAlert = ({ id }: Alert) => (isPhone ? openPage(id) : show(id));
  const select = ({ id }: Alert) => {
    setSelected(id);
    if (open !== null && !isPhone) show(id);
  };
  const move = (by: number) => {
    const to = Math.max(0, Math.min(items.length - 1, items.findIndex(({ id }) => id === selected) + by));
    const alert = items[to];
    if (alert === undefined) return;
    select(alert);
    list.current?.scrollToIndex(to);
  };
  const pick = (id: string) =>
    setPicked((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id) : [...before, id]));
  const chosen = items.filter(({ id }) => (picked.size > 0 ? picked.has(id) : id === selected));
  const act = (verb: Verb) => {
    if (!mayWrite || chosen.length === 0) return;
    actions.run(verb, chosen);
    setPicked(new Set());
    if (verb === 'acknowledge' || filters.state === 'all') return;
    // What is finished leaves the list: go on with the next one.
    const next = nextAfter(items.map(idOf), new Set(chosen.map(idOf)), selected);
    setSelected(next);
    if (open !== null && !isPhone) show(next);
  };

  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    a: () => act('acknowledge'),
    e: () => act('resolve'),
    d: () => act('dismiss'),
    u: () => act('reopen'),
    x: () => selected !== null && mayWrite && pick(selected),
    c: () => comment.current?.focus(),
    Enter: () => chosen[0] && openAlert(chosen[0]),
    o: () => selected !== null && openPage(selected),
    Escape: () => {
      if (picked.size > 0) setPicked(new Set());
      else show(null);
      list.current?.focus();
    },
  });

  if (alerts.error && !alerts.items) {
    return (
      <div className="alerts-wait">
        <Problem error={alerts.error} title="The alerts could not be read" onRetry={() => void alerts.refetch()} />
      </div>
    );
  }
  if (!alerts.items) {
    return (
      <div className="alerts-wait">
        <SkeletonLines count={8} label="Loading alerts" />
      </div>
    );
  }
  return (
    <>
      {picked.size > 0 && (
        <div className="alerts-chosen" role="toolbar" aria-label="The chosen alerts">
          <span>{counted(picked.size, 'alert')} chosen</span>
          <Button size="small" kind="primary" onClick={() => act('acknowledge')}>
            Take them on
          </Button>
          <Button size="small" onClick={() => act('resolve')}>
            Resolve
          </Button>
          <Button size="small" onClick={() => act('dismiss')}>
            Dismiss
          </Button>
          <Button size="small" kind="quiet" icon={X} onClick={() => setPicked(new Set())}>
            Choose none
          </Button>
        </div>
      )}
      <div className="alerts-split">
        {items.length === 0 ? (
          <Nothing filtered={alertFilterCount(filters) > 0} onClear={() => onChange({})} />
        ) : (
          <VirtualList
            ref={list}
            className="alert-rows"
            label="Alerts, those that came last first"
            items={items}
            itemKey={idOf}
            rowHeight={isPhone ? 62 : 38}
            head={alertHeads}
            row={(alert) => <AlertCells alert={alert} picked={picked.has(alert.id)} onPick={() => pick(alert.id)} />}
            selected={selected}
            onSelect={select}
            onOpen={openAlert}
            onEnd={() => alerts.hasNextPage && !alerts.isFetchingNextPage && void alerts.fetchNextPage()}
            total={alerts.hasNextPage ? -1 : items.length}
            footer={alerts.hasNextPage ? 'Loading older alerts…' : `That is all: ${counted(items.length, 'alert')}.`}
          />
        )}
        {open !== null && !isPhone && (
          <aside className="alert-panel" aria-label="Alert" key={open}>
            <div className="alert-panel-bar">
              <Tooltip text="Open on its own page" shortcut="o">
                <Link
                  to="/alerts/$id"
                  params={{ id: open }}
                  aria-label="Open on its own page"
                  {...buttonLook({ kind: 'quiet', size: 'small' })}
                  data-icon-only=""
                >
                  <Maximize2 size={15} aria-hidden="true" />
                </Link>
              </Tooltip>
              <IconButton icon={X} label="Close" shortcut="esc" size="small" onClick={() => show(null)} />
            </div>
            <AlertDetail id={open} comment={comment} />
          </aside>
        )}
      </div>
    </>
  );
}

function Nothing({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  return (
    <div className="alerts-wait">
      {filtered ? (
        <EmptyState
          icon={BellRing}
          title="No alert fits these filters"
          text="Alerts that wait for somebody are shown when nothing is filtered."
          action={<Button onClick={onClear}>Clear the filters</Button>}
        />
      ) : (
        <EmptyState
          icon={BellRing}
          title="Nothing waits for you"
          text={
            <>
              <p>
                A policy with the action <code>alert</code> puts what it noticed here: who called what, which version of
                the policy saw it and where, never what was found. The same again counts up one alert.
              </p>
              <p>
                Servers that do not answer, deliveries that do not arrive and keys that end soon come here too, and go
                by themselves when they are over.
              </p>
            </>
          }
          action={
            <Link to="/policies" {...buttonLook({ kind: 'primary' })}>
              Give a policy an alert
            </Link>
          }
          command="mcpvault alerts list --all"
        />
      )}
    </div>
  );
}
