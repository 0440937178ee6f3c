import { useHub } from '../api/hub.ts';
import { useLiveState } from '../live/use-live.ts';
import { Button } from '../parts/button.tsx';
import { StatusDot, type Tone } from '../parts/badge.tsx';
import type { LiveState } from '../live/live.ts';

const looks: Readonly<Record<LiveState, { readonly tone: Tone; readonly label: string }>> = {
  off: { tone: 'neutral', label: 'Not connected' },
  connecting: { tone: 'warn', label: 'Connecting…' },
  live: { tone: 'ok', label: 'Live' },
  waiting: { tone: 'bad', label: 'No connection' },
};

/** Whether what is on the page is kept up to date by the live feed. */
export function FeedState() {
  const { live } = useHub();
  const state = useLiveState();
  const { tone, label } = looks[state];
  return (
    <div className="feed-state" role="status">
      <StatusDot tone={tone} label={label} pulsing={state === 'connecting'} />
      {state === 'waiting' && (
        <Button size="small" kind="quiet" onClick={() => live.retry()}>
          Retry
        </Button>
      )}
    </div>
  );
}
