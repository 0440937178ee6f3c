import { useNavigate } from '@tanstack/react-router';
import { SparkBars } from '../../parts/spark-bars.tsx';
import type { Overview } from './overview-page.tsx';

export function HourlyBars({ hourly }: { readonly hourly: Overview['hourly'] }) {
  const navigate = useNavigate();
  const bars = hourly.map(({ at, messages, failed }) => ({
    key: at,
    label: new Date(at).toLocaleTimeString('en', { hour: '2-digit', minute: '2-digit', hour12: false }),
    value: messages,
    bad: failed,
  }));
  return (
    <SparkBars
      title="Messages per hour"
      bars={bars}
      valueName="messages"
      badName="failed"
      onPick={(from) => {
        const to = new Date(Date.parse(from) + 3_600_000).toISOString();
        void navigate({ to: '/messages', search: { from, to } });
      }}
    />
  );
}
