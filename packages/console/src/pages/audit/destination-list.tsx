// Where audit events are sent, how far each has come, and what is wrong with it.
import { Ellipsis, Plus, Send } from 'lucide-react';
import { useState } from 'react';
import { type ItemOf, usePages, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Badge, type Tone } from '../../parts/badge.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { AddDestination } from './add-destination.tsx';

export type Destination = ItemOf<'listDestinations'>;

const refreshEveryMs = 5_000;

export function DestinationList() {
  const may = useMay();
  const [isAdding, setAdding] = useState(false);
  const destinations = usePages('listDestinations', {}, { every: refreshEveryMs });
  const add = may('audit:write') && (
    <Button kind="primary" icon={Plus} onClick={() => setAdding(true)}>
      Add destination
    </Button>
  );
  return (
    <>
      {destinations.error && !destinations.items && (
        <Problem error={destinations.error} onRetry={() => void destinations.refetch()} />
      )}
      {!destinations.items && !destinations.error && <SkeletonLines count={3} label="Loading destinations" />}
      {destinations.items?.length === 0 && (
        <EmptyState
          icon={Send}
          title="Sent nowhere"
          text="Send what happens to a SIEM, a web address or files, in order and at least once."
          action={add}
        />
      )}
      {destinations.items !== undefined && destinations.items.length > 0 && <div className="row">{add}</div>}
      <ul className="destinations">
        {destinations.items?.map((destination) => (
          <DestinationCard key={destination.id} destination={destination} mayWrite={may('audit:write')} />
        ))}
      </ul>
      {isAdding && <AddDestination onClose={() => setAdding(false)} />}
    </>
  );
}

const tones: Readonly<Record<Destination['state']['is'], Tone>> = {
  current: 'ok',
  behind: 'accent',
  failing: 'bad',
  off: 'neutral',
};
const formats = { jsonl: 'JSON lines', csv: 'CSV', ocsf: 'OCSF' } as const;

function DestinationCard({ destination, mayWrite }: { readonly destination: Destination; readonly mayWrite: boolean }) {
  const { name, state, format, filter } = destination;
  const actions = useDestinationActions(destination);
  const told = [
    filter.actions.length === 0 ? 'every operation' : filter.actions.join(', '),
    filter.outcome === 'refused' && 'refused ones only',
    { all: 'all calls', refused: 'refused calls', none: 'no calls' }[filter.calls],
  ].filter(Boolean);
  return (
    <li className="card destination">
      <div className="destination-words">
        <h2 className="row">
          {name}
          <Badge tone={tones[state.is]}>{state.is}</Badge>
        </h2>
        <p>
          <code>{placeOf(destination)}</code> as {formats[format]}: {told.join(', ')}
        </p>
        <p className="soft num">
          {state.delivered.toLocaleString('en')} events delivered
          {state.lastDeliveredAt !== null && (
            <>
              , last <RelativeTime at={state.lastDeliveredAt} />
            </>
          )}
          {state.lag > 0 && `, ${state.lag.toLocaleString('en')} entries behind`}
        </p>
        {state.problem !== null && (
          <Notice tone="bad" title={`Not taken: ${state.problem.why}`}>
            <p>
              {state.problem.fix ?? 'It is tried again.'} Tried {state.failures}{' '}
              {state.failures === 1 ? 'time' : 'times'}, last <RelativeTime at={state.problem.at} />.
            </p>
          </Notice>
        )}
      </div>
      {mayWrite && (
        <div className="row">
          <Button busy={actions.isTesting} onClick={actions.test}>
            Test
          </Button>
          <Menu
            trigger={<IconButton icon={Ellipsis} label={`Actions for ${name}`} />}
            actions={[
              { label: destination.enabled ? 'Pause' : 'Resume', onSelect: actions.toggle },
              null,
              { label: 'Remove…', danger: true, onSelect: () => void actions.remove() },
            ]}
          />
        </div>
      )}
    </li>
  );
}

function useDestinationActions(destination: Destination) {
  const { id, name, transport, format, filter, enabled, state } = destination;
  const confirm = useConfirm();
  const test = useWrite('testDestination');
  const update = useWrite('updateDestination');
  const remove = useWrite('removeDestination');
  return {
    isTesting: test.isPending,
    test: () =>
      test.mutate(
        { id },
        {
          onSuccess: ({ taken, why, fix }) =>
            taken
              ? say(`${name} took the test event`)
              : warn(`${name} did not take the test event`, [why, fix].filter(Boolean).join('. ')),
          onError: (error) => warn('The test could not be made', sentenceOf(error)),
        },
      ),
    toggle: () =>
      update.mutate(
        { id, name, transport, format, filter, enabled: !enabled },
        {
          onSuccess: () => say(enabled ? `${name} is paused` : `${name} goes on where it was`),
          onError: (error) => warn('This could not be changed', sentenceOf(error)),
        },
      ),
    remove: async () => {
      const behind = state.lag === 0 ? '' : ` It was not told the last ${state.lag} entries yet.`;
      const text = `Nothing is sent to ${placeOf(destination)} any more. What it has, stays there.${behind}`;
      if (!(await confirm({ title: `Remove ${name}?`, text, action: 'Remove destination', danger: true }))) return;
      remove.mutate({ id }, { onSuccess: () => say(`${name} is removed`) });
    },
  };
}

function placeOf({ transport, folder }: Destination): string {
  switch (transport.type) {
    case 'webhook':
      return transport.url;
    case 'syslog':
      return `${transport.tls ? 'tls' : 'tcp'}://${transport.host}:${transport.port}`;
    case 'file':
      return folder ?? 'files';
  }
}
