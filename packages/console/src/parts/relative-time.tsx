import { ago, exactTime } from '../format.ts';
import { useNow } from './now.tsx';

interface RelativeTimeProps {
  /** RFC 3339. */
  readonly at: string | null;
  /** Shown when there is no time. */
  readonly never?: string;
}

export function RelativeTime({ at, never = 'never' }: RelativeTimeProps) {
  const now = useNow();
  if (at === null) return <span className="faint">{never}</span>;
  const time = new Date(at);
  return (
    <time dateTime={at} title={exactTime(time)} className="num when">
      {ago(time.getTime(), now)}
    </time>
  );
}
