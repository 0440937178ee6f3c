import { useEffect, useState } from 'react';
import { type Output, useHub, useRead } from '../../../api/hub.ts';
import { counted } from '../../../format.ts';
import { Problem } from '../../../parts/problem.tsx';
import { RelativeTime } from '../../../parts/relative-time.tsx';
import { SearchField } from '../../../parts/search-field.tsx';
import { SkeletonLines } from '../../../parts/skeleton.tsx';
import { OutcomeDot } from '../../messages/outcome.tsx';
import { TrialView } from '../trial-view.tsx';
import type { PolicyDraft } from '../use-policy-draft.ts';

interface TryRecordedProps {
  readonly draft: PolicyDraft;
  readonly message: string | null;
}

type Tried = Output<'tryRecorded'>;

/** A message of the record judged by what is written, again whenever that changes. */
export function TryRecorded({ draft: { draft }, message }: TryRecordedProps) {
  const { client } = useHub();
  const [q, setQ] = useState('');
  const [chosen, setChosen] = useState(message);
  const found = useRead(
    'listMessages',
    { method: 'tools/call', limit: 20, ...(q === '' ? {} : { q }) },
    { keep: true },
  );
  const [tried, setTried] = useState<Tried | null>(null);
  const [error, setError] = useState<unknown>(null);

  useEffect(() => {
    if (chosen === null || draft === null) return undefined;
    const asking = new AbortController();
    setError(null);
    client
      .call('tryRecorded', { policy: draft, message: chosen as `msg_${string}` }, { signal: asking.signal })
      .then(setTried, (problem: unknown) => !asking.signal.aborted && setError(problem));
    return () => asking.abort();
  }, [client, chosen, draft]);

  const asked = tried === null ? 0 : [tried.call, tried.result].filter((side) => side !== null).length;
  return (
    <div className="try-sides">
      <div className="stack">
        <SearchField label="Search tools, servers and e-mail addresses" value={q} onChange={setQ} />
        {found.error && <Problem error={found.error} title="The record could not be read" />}
        {!found.data && !found.error && <SkeletonLines count={6} label="Loading messages" />}
        {found.data?.items.length === 0 && <p className="soft">No call of a tool fits.</p>}
        <ul className="try-messages" aria-label="Recorded calls, newest first">
          {found.data?.items.map((one) => (
            <li key={one.id}>
              <button
                type="button"
                className="try-message"
                aria-pressed={one.id === chosen}
                onClick={() => {
                  setTried(null);
                  setChosen(one.id);
                }}
              >
                <OutcomeDot outcome={one.outcome} />
                <code className="clip">{one.target ?? one.method}</code>
                <span className="clip soft">{one.server?.name ?? ''}</span>
                <RelativeTime at={one.at} />
              </button>
            </li>
          ))}
        </ul>
      </div>
      <div className="stack" aria-live="polite">
        {error !== null && <Problem error={error} title="The message could not be judged" />}
        {chosen === null && <p className="soft">Choose a message, and what the policy makes of it shows here.</p>}
        {chosen !== null && tried === null && error === null && draft !== null && (
          <SkeletonLines count={8} label="Judging the message" />
        )}
        {tried !== null && asked === 0 && <p className="soft">The policy looks at no side of this message.</p>}
        {tried !== null && asked > 0 && <p className="soft">{`${counted(asked, 'side')} of the message judged.`}</p>}
        {tried?.call && <TrialView title="The request" tried={tried.call} />}
        {tried?.result && <TrialView title="The answer" tried={tried.result} />}
      </div>
    </div>
  );
}
