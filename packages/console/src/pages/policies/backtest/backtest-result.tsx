import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Output, useRead } from '../../../api/hub.ts';
import { count } from '../../../format.ts';
import { Badge } from '../../../parts/badge.tsx';
import { Button } from '../../../parts/button.tsx';
import { Problem } from '../../../parts/problem.tsx';
import { RelativeTime } from '../../../parts/relative-time.tsx';
import { SkeletonLines } from '../../../parts/skeleton.tsx';
import { type Column, Table } from '../../../parts/table.tsx';
import { EditedBody, outcomeTones } from '../trial-view.tsx';
import { appliedEdits } from './applied-edits.ts';
import { Tiles } from './tiles.tsx';

type Backtest = Output<'getBacktest'>;
type Example = Backtest['examples'][number];

const outcomeWords = { allowed: 'passes', edited: 'edited', held: 'held', refused: 'refused' };
const changeWords = { newly: 'newly', no_longer: 'no longer', same: 'as before' };

export function BacktestResult({ backtest }: { readonly backtest: Backtest }) {
  const { would, newly, noLonger, members, tools, examples } = backtest;
  const [shown, setShown] = useState<string | null>(null);
  const keyOf = (example: Example) => `${example.message} ${example.side}`;
  const columns: readonly Column<Example>[] = [
    {
      key: 'message',
      head: 'Message',
      wide: true,
      phone: 'bare',
      cell: ({ message, tool, side }) => (
        <>
          <Link to="/messages/$id" params={{ id: message }} className="row-link">
            <code>{tool ?? 'message'}</code>
          </Link>{' '}
          <span className="faint">{side === 'call' ? 'request' : 'answer'}</span>
        </>
      ),
    },
    { key: 'at', head: 'When', cell: ({ at }) => <RelativeTime at={at} /> },
    {
      key: 'outcome',
      head: 'Would be',
      cell: ({ outcome, change }) =>
        change === 'no_longer' ? (
          <span className="faint">left alone</span>
        ) : (
          <Badge tone={outcomeTones[outcome]}>{outcomeWords[outcome]}</Badge>
        ),
    },
    {
      key: 'change',
      head: 'Compared with then',
      cell: ({ change }) => <Badge tone={change === 'same' ? 'neutral' : 'accent'}>{changeWords[change]}</Badge>,
    },
    {
      key: 'difference',
      head: 'Difference',
      quiet: true,
      align: 'end',
      cell: (example) => (
        <Button
          size="small"
          kind="quiet"
          aria-expanded={shown === keyOf(example)}
          onClick={() => setShown(shown === keyOf(example) ? null : keyOf(example))}
        >
          Difference
        </Button>
      ),
    },
  ];
  const open = examples.find((example) => keyOf(example) === shown);
  return (
    <div className="stack" aria-busy={backtest.state === 'running'}>
      <Tiles
        label="What it would do"
        tiles={[
          ['refused', would.refused],
          ['held', would.held],
          ['edited', would.edited],
          ['alerts', would.alerted],
          ['matched, and passes', would.allowed],
          ['newly stopped or edited', newly],
          ['no longer matched', noLonger],
        ]}
      />
      {members.length > 0 && (
        <div className="backtest-who">
          <Table
            caption="For whom"
            rowKey={({ member }) => member}
            rows={members.slice(0, 10)}
            columns={[
              {
                key: 'member',
                head: 'For whom',
                wide: true,
                phone: 'bare',
                cell: ({ member, email }) => (
                  <Link to="/members/$id" params={{ id: member }} className="row-link">
                    {email || member}
                  </Link>
                ),
              },
              { key: 'messages', head: 'Messages', align: 'end', cell: ({ messages }) => count(messages) },
            ]}
          />
          <Table
            caption="Of which tools"
            rowKey={({ server, tool }) => `${server} ${tool}`}
            rows={tools.slice(0, 10)}
            columns={[
              {
                key: 'tool',
                head: 'Of which tools',
                wide: true,
                phone: 'bare',
                cell: ({ server, tool }) => (
                  <>
                    <code>{tool}</code> <span className="faint">{server}</span>
                  </>
                ),
              },
              { key: 'messages', head: 'Messages', align: 'end', cell: ({ messages }) => count(messages) },
            ]}
          />
        </div>
      )}
      {open && <ExampleDifference key={keyOf(open)} example={open} />}
      {examples.length > 0 && <Table caption="Examples" columns={columns} rows={examples} rowKey={keyOf} />}
      {backtest.state === 'done' && examples.length === 0 && (
        <p className="soft">It would have met none of these messages.</p>
      )}
    </div>
  );
}

/** The message as it came, with what the draft would put in. Reading it leaves an entry in the audit log. */
function ExampleDifference({ example }: { readonly example: Example }) {
  const message = useRead('getMessage', { id: example.message }, { once: true });
  if (message.error) return <Problem error={message.error} title="The message could not be read" />;
  if (!message.data) return <SkeletonLines count={6} label="Loading the message" />;
  const original = (example.side === 'call' ? message.data.request : message.data.response)?.original ?? null;
  const title = example.side === 'call' ? 'The request' : 'The answer';
  return (
    <section className="trial card" data-padded="" aria-label={`Difference: ${title.toLowerCase()}`}>
      <h3>{example.edits.length === 0 ? title : `${title}, and what would be edited`}</h3>
      {original === null ? (
        <p className="soft">It is for those who may read originals.</p>
      ) : (
        <EditedBody
          title={title}
          original={original}
          delivered={example.outcome === 'refused' ? null : appliedEdits(original, example.edits)}
          edits={example.edits}
        />
      )}
    </section>
  );
}
