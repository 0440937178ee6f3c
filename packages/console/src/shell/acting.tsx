// Acting as somebody: seen on every page, by who acts and by whom they act as.
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { type Output, useHub, useRead, useWrite } from '../api/hub.ts';
import { Button } from '../parts/button.tsx';
import { Notice } from '../parts/notice.tsx';
import { sentenceOf } from '../parts/problem.tsx';
import { RelativeTime } from '../parts/relative-time.tsx';
import { warn } from '../parts/toast.tsx';
import './acting.css';

type Impersonation = Output<'me'>['impersonations'][number];

/** Read again now and then: it begins and ends without anything else changing here. */
const every = 30_000;

export function ActingBanner() {
  const me = useRead('me', {}, { every }).data;
  const stop = useStopActing();
  const queries = useQueryClient();
  const shown = useRef(me?.member.id);
  // When it ends by itself, what was read as somebody else is not one's own.
  useEffect(() => {
    if (shown.current !== undefined && me !== undefined && shown.current !== me.member.id) {
      void queries.invalidateQueries();
    }
    shown.current = me?.member.id ?? shown.current;
  }, [me, queries]);
  const end = useWrite('endImpersonation', 'auth');
  if (me?.actedBy) {
    const { subject, reason, expiresAt } = me.actedBy;
    return (
      <div className="acting">
        <Notice
          tone="warn"
          title={`You act as ${subject.name}`}
          actions={<Button onClick={() => void stop(me.actedBy?.id)}>Stop</Button>}
        >
          <p>
            “{reason}” They see it, and everything you do is recorded under both names. It ends{' '}
            <RelativeTime at={expiresAt} />.
          </p>
        </Notice>
      </div>
    );
  }
  const onEnd = (one: Impersonation) =>
    end.mutate({ id: one.id }, { onError: (error) => warn('It could not be ended', sentenceOf(error)) });
  return me?.impersonations.map((one) => (
    <div key={one.id} className="acting">
      <Notice
        tone="warn"
        urgent
        title={`${one.actor.name} acts as you`}
        actions={
          <Button busy={end.isPending} onClick={() => onEnd(one)}>
            End it
          </Button>
        }
      >
        <p>
          “{one.reason}” It ends <RelativeTime at={one.expiresAt} />.
        </p>
      </Notice>
    </div>
  ));
}

/** Makes this tab act as the member whose token it is. */
export function useActAs(): (started: { readonly accessToken: string; readonly expiresAt: string }) => void {
  const { session } = useHub();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return ({ accessToken, expiresAt }) => {
    session.actAs(accessToken, Date.parse(expiresAt));
    queries.clear();
    void navigate({ to: '/' });
  };
}

function useStopActing(): (id: Impersonation['id'] | undefined) => Promise<void> {
  const { client, session } = useHub();
  const queries = useQueryClient();
  const navigate = useNavigate();
  return async (id) => {
    if (id !== undefined) await client.call('endImpersonation', { id }).catch(() => undefined);
    session.actAsOneself();
    queries.clear();
    void navigate({ to: '/' });
  };
}
