// Where the browser comes back to from an authorization server. The hub finishes the sign-in only for the member who began it.
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { useWrite } from '../../api/hub.ts';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { say } from '../../parts/toast.tsx';

export function CallbackPage() {
  const finish = useWrite('finishConnection', 'servers');
  const navigate = useNavigate();
  const asked = useRef(false);
  const { mutate } = finish;
  useEffect(() => {
    if (asked.current) return;
    asked.current = true;
    const answer = window.location.search.slice(1);
    // The code is good once; it need not stay in the history.
    window.history.replaceState(null, '', window.location.pathname);
    mutate(
      { answer: answer === '' ? '-' : answer },
      {
        onSuccess: ({ server }) => {
          say(`${server.name} is connected`);
          void navigate({ to: '/servers/$id', params: { id: server.id }, replace: true });
        },
      },
    );
  }, [mutate, navigate]);
  return (
    <Page title="Connecting" trail={<Link to="/servers">Servers</Link>}>
      {finish.error ? (
        <Problem error={finish.error} title="The sign-in did not work out" />
      ) : (
        <SkeletonLines count={3} label="Finishing the sign-in" />
      )}
    </Page>
  );
}
