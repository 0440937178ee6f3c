// What policies and people have shut away: tools, conversations, tokens and members. Lifting holds from the next message on.
import { Ban } from 'lucide-react';
import { type ItemOf, usePages, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { useNow } from '../../parts/now.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';

type Quarantine = ItemOf<'listQuarantines'>;

const refreshEveryMs = 10_000;

export function ShutAway() {
  const mayLift = useMay()('policies:write');
  const now = useNow();
  const all = usePages('listQuarantines', {}, { every: refreshEveryMs });
  const lift = useWrite('liftQuarantine');
  const holds = ({ until, liftedAt }: Quarantine) => liftedAt === null && (until === null || Date.parse(until) > now);
  if (all.error && !all.items) return <Problem error={all.error} onRetry={() => void all.refetch()} />;
  if (all.items?.length === 0) {
    return (
      <EmptyState
        icon={Ban}
        title="Nothing is shut away"
        text={
          <>
            A policy with the action <code>quarantine</code> shuts a tool or a conversation away, or suspends a token or
            a member for a time. From an alert you do it by hand. Whoever may lift it is never suspended by a policy.
          </>
        }
      />
    );
  }
  const columns: readonly Column<Quarantine>[] = [
    {
      key: 'what',
      head: 'What',
      cell: (one) => (
        <span className="row">
          {whatOf(one)}
          {holds(one) ? <Badge tone="bad">holds</Badge> : <Badge>{one.liftedAt === null ? 'over' : 'lifted'}</Badge>}
        </span>
      ),
      phone: 'bare',
    },
    { key: 'why', head: 'Why', cell: ({ reason }) => reason, wide: true },
    { key: 'by', head: 'By', cell: ({ byHand }) => (byHand ? 'hand' : 'a policy') },
    { key: 'since', head: 'Since', cell: ({ createdAt }) => <RelativeTime at={createdAt} /> },
    { key: 'until', head: 'Until', cell: ({ until }) => <RelativeTime at={until} never="somebody lifts it" /> },
    {
      key: 'lift',
      head: 'Lift',
      quiet: true,
      cell: (one) =>
        holds(one) &&
        mayLift && (
          <Button
            size="small"
            aria-label={`Lift: ${whatOf(one)}`}
            onClick={() =>
              lift.mutate(
                { id: one.id },
                {
                  onSuccess: () => say(`${whatOf(one)} may be used again`),
                  onError: (error) => warn('This could not be lifted', sentenceOf(error)),
                },
              )
            }
          >
            Lift
          </Button>
        ),
    },
  ];
  return (
    <>
      <Table
        caption="What is and was shut away, newest first"
        columns={columns}
        rows={all.items}
        rowKey={({ id }) => id}
        dim={(one) => !holds(one)}
      />
      <MoreButton query={all} />
    </>
  );
}

function whatOf({ what, tool, email, member }: Quarantine): string {
  const who = email || member;
  return { tool: `Tool ${tool}`, session: `A conversation of ${who}`, token: `A token of ${who}`, member: who }[what];
}
