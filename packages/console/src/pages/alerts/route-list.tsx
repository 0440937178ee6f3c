// Over which routes people are told, how each of them does, and what was sent.
import { Ellipsis, Plus, Send } from 'lucide-react';
import { useState } from 'react';
import { type ItemOf, usePages, useRead, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { counted } from '../../format.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Menu } from '../../parts/menu.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { EditRoute } from './edit-route.tsx';
import { filterWords, placeOf, quietWords } from './route-words.ts';

export type AlertRoute = ItemOf<'listAlertRoutes'>;
type Delivery = ItemOf<'listAlertDeliveries'>;

const refreshEveryMs = 5_000;

export function RouteList() {
  const mayWrite = useMay()('alert-routes:write');
  const [edited, setEdited] = useState<AlertRoute | 'new' | null>(null);
  const routes = useRead('listAlertRoutes', {}, { every: refreshEveryMs });
  const items = routes.data?.items;
  const add = mayWrite && (
    <Button kind="primary" icon={Plus} onClick={() => setEdited('new')}>
      Add route
    </Button>
  );
  return (
    <>
      {routes.error && !items && <Problem error={routes.error} onRetry={() => void routes.refetch()} />}
      {!items && !routes.error && <SkeletonLines count={3} label="Loading routes" />}
      {items?.length === 0 && (
        <EmptyState
          icon={Send}
          title="Nobody is told"
          text="Alerts wait in the inbox. A route tells people by mail, in a chat or at a web address: of the severities, policies and servers that matter to them, not in quiet hours, or only when nobody was at it in time."
          action={add}
        />
      )}
      {items !== undefined && items.length > 0 && add && <div className="row">{add}</div>}
      <ul className="routes">
        {items?.map((route) => (
          <RouteCard key={route.id} route={route} mayWrite={mayWrite} onEdit={() => setEdited(route)} />
        ))}
      </ul>
      {edited !== null && (
        <EditRoute
          route={edited === 'new' ? null : edited}
          canMail={routes.data?.mail ?? false}
          onClose={() => setEdited(null)}
        />
      )}
    </>
  );
}

const tones: Readonly<Record<AlertRoute['state']['is'], Tone>> = { fine: 'ok', failing: 'bad', off: 'neutral' };

interface RouteCardProps {
  readonly route: AlertRoute;
  readonly mayWrite: boolean;
  readonly onEdit: () => void;
}

function RouteCard({ route, mayWrite, onEdit }: RouteCardProps) {
  const { name, state } = route;
  const actions = useRouteActions(route);
  const [isLogOpen, setLogOpen] = useState(false);
  const quiet = quietWords(route.quiet);
  return (
    <li className="card route">
      <div className="route-words">
        <h2 className="row">
          {name}
          <Badge tone={tones[state.is]}>{state.is}</Badge>
        </h2>
        <p>
          <code>{placeOf(route.transport)}</code>: {filterWords(route)}
        </p>
        {quiet !== null && <p className="soft">{quiet}</p>}
        <p className="soft num">
          {counted(state.delivered, 'notification')} delivered
          {state.lastDeliveredAt !== null && (
            <>
              , last <RelativeTime at={state.lastDeliveredAt} />
            </>
          )}
          {state.waiting > 0 && `, ${state.waiting} waiting`}
        </p>
        {state.problem !== null && (
          <Notice tone="bad" title={`Not taken: ${state.problem.why}`}>
            <p>
              {state.problem.fix ?? 'It is tried again.'} Tried {counted(state.failures, 'time')}, last{' '}
              <RelativeTime at={state.problem.at} />.
            </p>
          </Notice>
        )}
      </div>
      <div className="row">
        <Button onClick={() => setLogOpen(true)}>Log</Button>
        {mayWrite && (
          <>
            <Button busy={actions.isTesting} onClick={actions.test}>
              Test
            </Button>
            <Menu
              trigger={<IconButton icon={Ellipsis} label={`Actions for ${name}`} />}
              actions={[
                { label: 'Change…', onSelect: onEdit },
                { label: route.enabled ? 'Pause' : 'Resume', onSelect: actions.toggle },
                null,
                { label: 'Remove…', danger: true, onSelect: () => void actions.remove() },
              ]}
            />
          </>
        )}
      </div>
      {isLogOpen && <DeliveryLog route={route} onClose={() => setLogOpen(false)} />}
    </li>
  );
}

function DeliveryLog({ route: { id, name }, onClose }: { readonly route: AlertRoute; readonly onClose: () => void }) {
  const deliveries = usePages('listAlertDeliveries', { id }, { every: refreshEveryMs });
  return (
    <Dialog open onClose={onClose} title={`What was sent over ${name}`} size="large">
      {deliveries.error && <Problem error={deliveries.error} />}
      {deliveries.items?.length === 0 ? (
        <p className="soft">Nothing yet.</p>
      ) : (
        <Table
          caption="Deliveries, newest first"
          columns={columns}
          rows={deliveries.items}
          rowKey={({ id: key }) => key}
        />
      )}
      <MoreButton query={deliveries} />
    </Dialog>
  );
}

const deliveryTones: Readonly<Record<Delivery['state'], Tone>> = {
  waiting: 'accent',
  delivered: 'ok',
  dropped: 'neutral',
};

const columns: readonly Column<Delivery>[] = [
  { key: 'at', head: 'When', cell: ({ at }) => <RelativeTime at={at} /> },
  { key: 'title', head: 'What', cell: ({ title }) => title, wide: true, phone: 'bare' },
  { key: 'state', head: 'State', cell: ({ state }) => <Badge tone={deliveryTones[state]}>{state}</Badge> },
  {
    key: 'why',
    head: 'Why',
    cell: ({ why, tries }) => (
      <span className="soft">
        {why}
        {tries > 1 && ` (${tries} tries)`}
      </span>
    ),
  },
];

function useRouteActions(route: AlertRoute) {
  const { id, name, filter, quiet, afterMinutes, enabled, state } = route;
  const confirm = useConfirm();
  const test = useWrite('testAlertRoute');
  const update = useWrite('updateAlertRoute');
  const remove = useWrite('removeAlertRoute');
  return {
    isTesting: test.isPending,
    test: () =>
      test.mutate(
        { id },
        {
          onSuccess: ({ taken, why, fix }) =>
            taken
              ? say(`${name} took the test`)
              : warn(`${name} did not take the test`, [why, fix].filter(Boolean).join('. ')),
          onError: (error) => warn('The test could not be made', sentenceOf(error)),
        },
      ),
    toggle: () =>
      update.mutate(
        { id, name, filter, quiet, afterMinutes, enabled: !enabled },
        {
          onSuccess: () => say(enabled ? `${name} is paused` : `${name} goes on`),
          onError: (error) => warn('This could not be changed', sentenceOf(error)),
        },
      ),
    remove: async () => {
      const left = state.waiting === 0 ? '' : ` ${counted(state.waiting, 'notification')} that wait are not sent.`;
      const text = `Nobody is told over it any more.${left}`;
      if (!(await confirm({ title: `Remove ${name}?`, text, action: 'Remove route', danger: true }))) return;
      remove.mutate(
        { id },
        {
          onSuccess: () => say(`${name} is removed`),
          onError: (error) => warn('The route could not be removed', sentenceOf(error)),
        },
      );
    },
  };
}
