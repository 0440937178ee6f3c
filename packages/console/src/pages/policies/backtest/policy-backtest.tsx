// What the draft would have done to messages that were recorded: nothing is sent to any server.
import { Play, Square } from 'lucide-react';
import { useState } from 'react';
import { useRead, useWrite } from '../../../api/hub.ts';
import { count, counted } from '../../../format.ts';
import { Button } from '../../../parts/button.tsx';
import { Field, Input, Select } from '../../../parts/field.tsx';
import { Notice } from '../../../parts/notice.tsx';
import { useNow } from '../../../parts/now.tsx';
import { Problem, sentenceOf } from '../../../parts/problem.tsx';
import { warn } from '../../../parts/toast.tsx';
import type { PolicyDraft } from '../use-policy-draft.ts';
import { BacktestResult } from './backtest-result.tsx';
import { localTime, rangeOf, spans } from './time-range.ts';

interface PolicyBacktestProps {
  readonly draft: PolicyDraft;
  /** The policy that the draft would replace. */
  readonly replaces: `pol_${string}` | null;
  readonly run: string | null;
  readonly onRun: (run: string | null) => void;
}

export function PolicyBacktest({ draft: { draft }, replaces, run, onRun }: PolicyBacktestProps) {
  const now = useNow();
  const [span, setSpan] = useState('1440');
  const [from, setFrom] = useState(() => localTime(now - 86_400_000));
  const [to, setTo] = useState(() => localTime(now));
  const start = useWrite('startBacktest');
  const cancel = useWrite('cancelBacktest');
  const [isOver, setOver] = useState(false);
  const found = useRead(
    'getBacktest',
    { id: (run ?? 'bkt_0') as `bkt_${string}` },
    { enabled: run !== null, every: isOver ? false : 700 },
  );
  const backtest = run === null ? undefined : found.data;
  if (backtest !== undefined && (backtest.state !== 'running') !== isOver) setOver(backtest.state !== 'running');
  const range = rangeOf(span, from, to, now);

  const begin = () => {
    if (draft === null || range === null) return;
    start.mutate(
      { policy: draft, ...(replaces === null ? {} : { replaces }), ...range },
      {
        onSuccess: ({ id }) => {
          setOver(false);
          onRun(id);
        },
      },
    );
  };

  return (
    <div className="policy-backtest">
      <form
        className="backtest-form"
        onSubmit={(event) => {
          event.preventDefault();
          begin();
        }}
      >
        <Field label="Messages of">
          {(control) => (
            <Select {...control} value={span} onChange={(event) => setSpan(event.target.value)}>
              {spans.map(([label, minutes]) => (
                <option key={minutes} value={minutes}>
                  {label}
                </option>
              ))}
              <option value="own">a range of your own</option>
            </Select>
          )}
        </Field>
        {span === 'own' && (
          <>
            <Field label="From">
              {(control) => (
                <Input
                  {...control}
                  type="datetime-local"
                  value={from}
                  onChange={(event) => setFrom(event.target.value)}
                />
              )}
            </Field>
            <Field label="To" error={range === null ? 'It must be later than the beginning.' : null}>
              {(control) => (
                <Input {...control} type="datetime-local" value={to} onChange={(event) => setTo(event.target.value)} />
              )}
            </Field>
          </>
        )}
        <Button
          kind="primary"
          type="submit"
          icon={Play}
          busy={start.isPending || backtest?.state === 'running'}
          disabled={draft === null || range === null}
        >
          Run over the record
        </Button>
      </form>
      {draft === null && (
        <Notice tone="warn" title="The policy has something to mend first">
          <p>What is wrong stands under Edit.</p>
        </Notice>
      )}
      {start.error && <Problem error={start.error} title="The backtest could not be started" />}
      {run !== null && found.error && (
        <Problem error={found.error} title="The backtest could not be read" onRetry={() => onRun(null)} />
      )}
      {backtest && (
        <>
          <div className="backtest-progress">
            <progress
              aria-label="Messages judged"
              max={Math.max(1, backtest.total)}
              value={backtest.state === 'done' ? Math.max(1, backtest.total) : backtest.judged}
            />
            <span className="num" role="status">
              {stateWords[backtest.state]}: {count(backtest.judged)} of {counted(backtest.total, 'message')} judged
              {rateOf(backtest.judged, backtest.milliseconds)}
              {backtest.unreadable > 0 && `; ${counted(backtest.unreadable, 'original')} could not be read`}
            </span>
            {backtest.state === 'running' && (
              <Button
                size="small"
                icon={Square}
                onClick={() =>
                  cancel.mutate(
                    { id: backtest.id },
                    { onError: (error) => warn('The backtest could not be ended', sentenceOf(error)) },
                  )
                }
              >
                Cancel
              </Button>
            )}
          </div>
          {backtest.reason !== null && <Notice tone="bad" title={backtest.reason} />}
          <BacktestResult backtest={backtest} />
        </>
      )}
      {run === null && (
        <p className="soft">
          It says what would be refused, held, edited and alerted, what of it newly, what no longer, and for whom.
          Nothing is sent anywhere.
        </p>
      )}
    </div>
  );
}

const stateWords = { running: 'Under way', done: 'Done', failed: 'It failed', cancelled: 'Ended' };

function rateOf(judged: number, milliseconds: number): string {
  if (milliseconds < 1000) return '';
  return `, ${count(Math.round((judged * 60_000) / milliseconds))} a minute`;
}
