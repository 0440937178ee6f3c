import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useHub } from '../../api/hub.ts';
import { needsCode } from '../../api/needs-code.ts';
import type { PasskeyProof } from '../../api/passkey.ts';
import { Button, buttonLook } from '../../parts/button.tsx';
import { CodeField } from '../../parts/code-field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { takeFlow } from './flow.ts';
import { FrontDoor } from './front-door.tsx';
import { PasskeyButton, useWaysIn } from './ways-in.tsx';

const route = getRouteApi('/sign-in/callback/$provider');

/** Where an identity provider sends the browser back to. */
export function CallbackPage() {
  const { provider } = route.useParams();
  const [taken] = useState(() => {
    const parameters = location.search.slice(1);
    // What came with the address is good once, and of no use in a history.
    history.replaceState(history.state, '', location.pathname);
    return { parameters, flow: takeFlow(sessionStorage, provider) };
  });
  if (taken.flow === null) {
    return (
      <FrontDoor title="This sign-in cannot be finished">
        <Notice tone="warn">It was begun in another tab or browser, or is finished already.</Notice>
        <Again />
      </FrontDoor>
    );
  }
  return <Finish provider={provider} parameters={taken.parameters} flow={taken.flow.flow} next={taken.flow.next} />;
}

interface FinishProps {
  readonly provider: string;
  readonly parameters: string;
  readonly flow: string;
  readonly next: string | undefined;
}

function Finish({ provider, parameters, flow, next }: FinishProps) {
  const { client, session } = useHub();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const ways = useWaysIn('');
  const [code, setCode] = useState('');
  const [asksForCode, setAsksForCode] = useState(false);
  const finish = useMutation({
    mutationFn: (second: { readonly code?: string; readonly passkey?: PasskeyProof }) =>
      client.call('finishProviderSignIn', { id: provider as `idp_${string}`, flow, parameters, ...second }),
    onError: (error) => {
      if (needsCode(error)) setAsksForCode(true);
    },
    onSuccess: (pair) => {
      queries.clear();
      session.begin(pair);
      void navigate({ href: next ?? '/', replace: true });
    },
  });
  const begun = useRef(false);
  useEffect(() => {
    if (begun.current) return;
    begun.current = true;
    finish.mutate({});
  });

  if (asksForCode) {
    return (
      <FrontDoor title="One more step" text="Show your second factor.">
        <form
          onSubmit={(event) => {
            event.preventDefault();
            finish.mutate({ code });
          }}
        >
          {finish.error && !needsCode(finish.error) && <Problem error={finish.error} />}
          <CodeField value={code} onChange={setCode} />
          <Button type="submit" kind="primary" busy={finish.isPending}>
            Sign in
          </Button>
        </form>
        <PasskeyButton
          ways={ways}
          label="Use a passkey instead"
          busy={finish.isPending}
          onProof={(passkey) => finish.mutate({ passkey })}
        />
      </FrontDoor>
    );
  }
  if (finish.error) {
    return (
      <FrontDoor title="You are not signed in">
        <Problem error={finish.error} />
        <Again />
      </FrontDoor>
    );
  }
  return (
    <FrontDoor title="One moment" text="Signing you in">
      <SkeletonLines count={3} label="Signing you in" />
    </FrontDoor>
  );
}

function Again() {
  return (
    <Link to="/sign-in" {...buttonLook({ kind: 'primary' })}>
      Back to sign-in
    </Link>
  );
}
