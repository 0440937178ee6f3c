import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useHub } from '../../api/hub.ts';
import { needsCode } from '../../api/needs-code.ts';
import type { PasskeyProof } from '../../api/passkey.ts';
import { Button } from '../../parts/button.tsx';
import { CodeField } from '../../parts/code-field.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { FrontDoor } from './front-door.tsx';
import { PasskeyButton, ProviderButtons, useWaysIn } from './ways-in.tsx';

const route = getRouteApi('/sign-in');

export function SignInPage() {
  const { next } = route.useSearch();
  const { client, session } = useHub();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksForCode, setAsksForCode] = useState(false);
  const [breaksGlass, setBreaksGlass] = useState(false);
  const ways = useWaysIn(email);
  const enter = {
    onError: (error: Error) => {
      if (needsCode(error)) setAsksForCode(true);
    },
    onSuccess: (pair: Parameters<typeof session.begin>[0]) => {
      queries.clear();
      session.begin(pair);
      void navigate({ href: next ?? '/', replace: true });
    },
  };
  const signIn = useMutation({
    mutationFn: (passkey?: PasskeyProof) => {
      const second = passkey === undefined ? (asksForCode ? { code } : {}) : { passkey };
      return client.call('login', { email: email.trim(), password, ...second });
    },
    ...enter,
  });
  const byPasskey = useMutation({
    mutationFn: (passkey: PasskeyProof) => client.call('finishPasskeySignIn', { passkey }),
    ...enter,
  });
  const error = signIn.error ?? byPasskey.error;
  const asksForPassword = ways?.password !== false || breaksGlass;

  return (
    <FrontDoor
      title="Sign in"
      text="to the console of this MCPVault"
      foot="First time here? Open the one-time link that the hub printed when it started, or the invitation you were sent."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          byPasskey.reset();
          if (asksForPassword) signIn.mutate(undefined);
        }}
      >
        {error && !needsCode(error) && <Problem error={error} />}
        <Field label="E-mail" required>
          {(control) => (
            <Input
              {...control}
              type="email"
              name="email"
              autoComplete="username"
              autoFocus
              value={email}
              onChange={(event) => setEmail(event.target.value)}
            />
          )}
        </Field>
        {asksForPassword && (
          <Field label="Password" required>
            {(control) => (
              <Input
                {...control}
                type="password"
                name="password"
                autoComplete="current-password"
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
        )}
        {asksForPassword && asksForCode && <CodeField value={code} onChange={setCode} />}
        {asksForPassword && (
          <Button type="submit" kind="primary" busy={signIn.isPending}>
            Sign in
          </Button>
        )}
      </form>
      {asksForCode && (
        <PasskeyButton
          ways={ways}
          label="Use a passkey instead"
          busy={signIn.isPending}
          onProof={(proof) => signIn.mutate(proof)}
        />
      )}
      {!asksForPassword && <p className="soft">Your organization demands single sign-on.</p>}
      <ProviderButtons ways={ways} next={next} verb="Sign in with" />
      {!asksForPassword && (
        <Button kind="quiet" onClick={() => setBreaksGlass(true)}>
          Use a password nevertheless
        </Button>
      )}
      {!asksForCode && asksForPassword && (
        <PasskeyButton
          ways={ways}
          label="Sign in with a passkey"
          busy={byPasskey.isPending}
          onProof={(proof) => {
            signIn.reset();
            byPasskey.mutate(proof);
          }}
        />
      )}
    </FrontDoor>
  );
}
