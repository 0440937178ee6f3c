// Where an AI client sends its member's browser: says who asks for what, and takes the answer back to it.
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Check, X } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useHub } from '../../api/hub.ts';
import { useMe } from '../../api/me.ts';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { FrontDoor } from '../sign-in/front-door.tsx';
import { Asking } from './asking.tsx';

export function AuthorizePage() {
  const { client } = useHub();
  const { request } = useParams({ from: '/asked/authorize/$request' });
  const me = useMe();
  const asked = useQuery({
    queryKey: ['authorization', request],
    queryFn: () => client.call('getAuthorization', { request }),
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const decide = useMutation({
    mutationFn: async ({ allow, asBefore }: { readonly allow: boolean; readonly asBefore?: boolean }) => {
      const { ticket } = await client.call('decideAuthorization', { request, allow, asBefore });
      location.assign(await finish(request, ticket));
    },
  });
  // What was said before is said once more, without a question; where that fails, the question is asked after all.
  const repeats = useRef(false);
  const isRemembered = asked.data?.isRemembered === true;
  const { mutate } = decide;
  useEffect(() => {
    if (!isRemembered || repeats.current) return;
    repeats.current = true;
    mutate({ allow: true, asBefore: true });
  }, [isRemembered, mutate]);
  if (asked.error) {
    return (
      <FrontDoor title="Nothing to allow here">
        <Problem error={asked.error} />
      </FrontDoor>
    );
  }
  if (!asked.data || (isRemembered && !decide.error)) {
    return (
      <FrontDoor title="One moment">
        <SkeletonLines count={4} label="Looking at what is asked" />
      </FrontDoor>
    );
  }
  const { name } = asked.data.client;
  return (
    <FrontDoor
      title={`Let ${name} in?`}
      text={me && `You are ${me.member.email}.`}
      foot="You can take this back at any time, on your account page."
    >
      <div className="stack">
        {decide.error && <Problem error={decide.error} title="That did not work" />}
        <Asking asked={asked.data} />
        {asked.data.wasAllowed && <Notice>You have let it in for the same before.</Notice>}
        <div className="row">
          <Button kind="primary" icon={Check} busy={decide.isPending} onClick={() => decide.mutate({ allow: true })}>
            Allow
          </Button>
          <Button icon={X} busy={decide.isPending} onClick={() => decide.mutate({ allow: false })}>
            Do not allow
          </Button>
        </div>
      </div>
    </FrontDoor>
  );
}

/** The cookies of this browser show that the request came from here. */
async function finish(request: string, ticket: string): Promise<string> {
  const answer = await fetch(`/authorize/${request}/finish`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ticket }),
  });
  if (!answer.ok) {
    throw new Error('This request did not begin in this browser, or is too old. Start again in the application.');
  }
  const { to } = (await answer.json()) as { readonly to: string };
  return to;
}
