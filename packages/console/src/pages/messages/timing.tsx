import { duration } from '../../format.ts';
import type { OpenMessage } from './message-view.tsx';
import './timing.css';

/** Where the time went: the server's part, and what MCPVault added. */
export function Timing({ message: { durationUs, upstreamUs } }: { readonly message: OpenMessage }) {
  if (upstreamUs === null || durationUs === 0) return null;
  const upstream = Math.min(upstreamUs, durationUs);
  const ours = durationUs - upstream;
  return (
    <figure className="timing" aria-label={`The server took ${duration(upstream)}, MCPVault ${duration(ours)}`}>
      <div className="timing-bar" aria-hidden="true">
        <div className="timing-server" style={{ flexGrow: upstream }} />
        <div className="timing-ours" style={{ flexGrow: Math.max(ours, durationUs / 100) }} />
      </div>
      <figcaption className="timing-key num">
        <span>
          <i data-of="server" aria-hidden="true" /> server {duration(upstream)}
        </span>
        <span>
          <i data-of="ours" aria-hidden="true" /> MCPVault {duration(ours)}
        </span>
      </figcaption>
    </figure>
  );
}
