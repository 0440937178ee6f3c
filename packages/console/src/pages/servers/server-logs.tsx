import { ScrollText } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useRead } from '../../api/hub.ts';
import { clock, exactTime } from '../../format.ts';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Switch } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import type { Server } from './server-status.tsx';
import './server-logs.css';

/** What the server's processes wrote to stderr lately, and how they ended. */
export default function ServerLogs({ server }: { readonly server: Server }) {
  const [following, setFollowing] = useState(true);
  const logs = useRead('serverLogs', { id: server.id }, { every: following ? 2500 : false });
  const frame = useRef<HTMLDivElement>(null);
  const lines = logs.data?.items;
  useEffect(() => {
    if (following && lines && frame.current) frame.current.scrollTop = frame.current.scrollHeight;
  }, [lines, following]);

  if (server.transport !== undefined && server.transport.type !== 'stdio') {
    return (
      <EmptyState
        icon={ScrollText}
        title="No process, no logs"
        text="The hub reaches this server by URL; its logs are where it runs."
      />
    );
  }
  if (logs.error && !lines) return <Problem error={logs.error} onRetry={() => void logs.refetch()} />;
  if (!lines) return <SkeletonLines count={8} label="Loading logs" />;
  if (lines.length === 0) {
    return (
      <EmptyState
        icon={ScrollText}
        title="Nothing was written"
        text="Here stands what its processes write to stderr, and how they ended. They start when somebody calls."
      />
    );
  }
  return (
    <div className="stack">
      <Switch label="Follow" checked={following} onChange={setFollowing} />
      <div ref={frame} className="logs" role="log" aria-live="off" aria-label={`Logs of ${server.name}`} tabIndex={0}>
        {lines.map((line, index) => (
          // Lines only ever join at the end.
          // oxlint-disable-next-line react/no-array-index-key
          <div key={index} className="log-line">
            <span className="faint num" title={exactTime(new Date(line.at))}>
              {clock(new Date(line.at))}
            </span>
            <span className="log-process" title={`The process ${line.process}`}>
              {line.process.slice(-6)}
            </span>
            <span className="log-text">{line.text}</span>
          </div>
        ))}
      </div>
    </div>
  );
}
