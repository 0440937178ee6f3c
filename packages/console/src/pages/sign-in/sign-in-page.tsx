import { useMutation, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useHub } from '../../api/hub.ts';
import { needsCode } from '../../api/needs-code.ts';
import { Button } from '../../parts/button.tsx';
import { CodeField } from '../../parts/code-field.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { FrontDoor } from './front-door.tsx';

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
  const signIn = useMutation({
    mutationFn: () => client.call('login', { email: email.trim(), password, ...(asksForCode ? { code } : {}) }),
    onError: (error) => {
      if (needsCode(error)) setAsksForCode(true);
    },
    onSuccess: (pair) => {
      queries.clear();
      session.begin(pair);
      void navigate({ href: next ?? '/', replace: true });
    },
  });

  return (
    <FrontDoor
      title="Sign in"
      text="to the console of this MCPVault"
      foot="First time here? Open the one-time link that the hub printed when it started, or the invitation you were sent."
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        {signIn.error && !needsCode(signIn.error) && <Problem error={signIn.error} />}
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
        {asksForCode && <CodeField value={code} onChange={setCode} />}
        <Button type="submit" kind="primary" busy={signIn.isPending}>
          Sign in
        </Button>
      </form>
    </FrontDoor>
  );
}
