import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { type Output, useRead } from '../../api/hub.ts';
import { count } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Field, Select } from '../../parts/field.tsx';
import { useNow } from '../../parts/now.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { Tiles } from './backtest/tiles.tsx';
import { rangeOf, spans } from './backtest/time-range.ts';
import type { Definition } from './policy-words.ts';
import { outcomeTones } from './trial-view.tsx';

type Comparison = Output<'compareShadow'>;
type Example = Comparison['examples'][number];

const outcomeWords = { allowed: 'let pass', edited: 'edited', held: 'held', refused: 'refused' };

/** What it would have done where it only watched, beside what it did and what became of the messages. */
export function PolicyShadow({ definition }: { readonly definition: Definition }) {
  const now = useNow();
  const [span, setSpan] = useState('1440');
  const [asked, setAsked] = useState(now);
  const range = useMemo(() => rangeOf(span, '', '', asked), [span, asked]);
  const comparison = useRead(
    'compareShadow',
    { id: definition.id, from: range?.from ?? '', to: range?.to ?? '' },
    { enabled: range !== null, keep: true },
  );
  const data = comparison.data;
  return (
    <div className="policy-backtest">
      <div className="backtest-form">
        <Field label="Messages of">
          {(control) => (
            <Select
              {...control}
              value={span}
              onChange={(event) => {
                setSpan(event.target.value);
                setAsked(now);
              }}
            >
              {spans.map(([label, minutes]) => (
                <option key={minutes} value={minutes}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </div>
      {comparison.error && <Problem error={comparison.error} onRetry={() => void comparison.refetch()} />}
      {!data && !comparison.error && <SkeletonLines count={8} label="Reading the record" />}
      {data && <Compared data={data} />}
    </div>
  );
}

function Compared({ data }: { readonly data: Comparison }) {
  const { would, did, asked, newly, failed, complete, members, examples } = data;
  return (
    <>
      <Tiles
        label="Where it only watched"
        tiles={[
          ['would be refused', would.refused],
          ['would be held', would.held],
          ['would be edited', would.edited],
          ['would alert', would.alerted],
          ['of these went through untouched', newly],
        ]}
      />
      <Tiles
        label="Where it acted"
        tiles={[
          ['refused', did.refused],
          ['held', did.held],
          ['edited', did.edited],
          ['could not be told', failed],
          ['times asked', asked],
        ]}
      />
      {!complete && <p className="soft">There were more messages: these are the newest.</p>}
      {asked === 0 && (
        <p className="soft">It was asked about no message in this time. As a draft it looks at nothing.</p>
      )}
      {members.length > 0 && (
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
      )}
      {examples.length > 0 && (
        <Table
          caption="Examples"
          columns={exampleColumns}
          rows={examples}
          rowKey={({ message, side }) => `${message} ${side}`}
        />
      )}
    </>
  );
}

const exampleColumns: readonly Column<Example>[] = [
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
  { key: 'who', head: 'Member', cell: ({ email, member }) => email || member },
  { key: 'at', head: 'When', cell: ({ at }) => <RelativeTime at={at} /> },
  {
    key: 'would',
    head: 'It',
    cell: ({ would, shadow }) => (
      <span className="row">
        {shadow && <span className="soft">would have</span>}
        <Badge tone={outcomeTones[would]}>{outcomeWords[would]}</Badge>
      </span>
    ),
  },
  { key: 'outcome', head: 'What became of it', cell: ({ outcome }) => outcome.replaceAll('_', ' ') },
];
