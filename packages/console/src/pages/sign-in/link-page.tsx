import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { type Output, useHub } from '../../api/hub.ts';
import { needsCode } from '../../api/needs-code.ts';
import { Button, buttonLook } from '../../parts/button.tsx';
import { CodeField } from '../../parts/code-field.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { FrontDoor } from './front-door.tsx';
import { linkFromAddress } from './link-from-address.ts';
import { ProviderButtons, useWaysIn } from './ways-in.tsx';

type Checked = Output<'checkLink'>;

/** Where one-time links lead: the first set-up, an invitation, a new password. */
export function LinkPage() {
  const { client } = useHub();
  const [link] = useState(() => {
    const taken = linkFromAddress(location.href);
    history.replaceState(history.state, '', taken.cleaned);
    return taken.link;
  });
  const checked = useQuery({
    queryKey: ['link', link],
    queryFn: () => client.call('checkLink', { link: link ?? '' }),
    enabled: link !== null,
    retry: false,
    staleTime: Number.POSITIVE_INFINITY,
  });

  if (link === null) return <NoLink>The address carries no link. Open it again from where you got it.</NoLink>;
  if (checked.error) return <NoLink problem={checked.error} />;
  if (!checked.data) {
    return (
      <FrontDoor title="One moment" text="Looking at your link">
        <SkeletonLines count={3} label="Looking at your link" />
      </FrontDoor>
    );
  }
  return <Welcome link={link} checked={checked.data} />;
}

function NoLink({ children, problem }: { readonly children?: ReactNode; readonly problem?: unknown }) {
  return (
    <FrontDoor
      title="This link does not work"
      foot="The hub prints a fresh set-up link at every start until it is set up."
    >
      {problem === undefined ? <Notice tone="warn">{children}</Notice> : <Problem error={problem} />}
      <p className="soft">
        One-time links work once and for a limited time. Ask an admin for a new one; if you have a password already,
        just sign in.
      </p>
      <Link to="/sign-in" {...buttonLook({ kind: 'primary' })}>
        Go to sign-in
      </Link>
    </FrontDoor>
  );
}

const words = {
  setup: {
    title: 'Set up MCPVault',
    text: 'You are the first here. This makes you the admin of a new organization.',
    action: 'Create and sign in',
  },
  invite: { title: 'You are invited', text: 'Choose a password, and you are in.', action: 'Accept and sign in' },
  reset: { title: 'Choose a new password', text: 'The old one stops working.', action: 'Set password and sign in' },
};

function Welcome({ link, checked }: { readonly link: string; readonly checked: Checked }) {
  const { client, session } = useHub();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const isSetup = checked.purpose === 'setup';
  const [name, setName] = useState('');
  const [email, setEmail] = useState(checked.email ?? '');
  const [organization, setOrganization] = useState(checked.organization ?? '');
  const [password, setPassword] = useState('');
  const [code, setCode] = useState('');
  const [asksForCode, setAsksForCode] = useState(false);
  const enter = useMutation({
    mutationFn: () =>
      isSetup
        ? client.call('setUp', {
            link,
            name,
            email: email.trim(),
            password,
            organization: organization.trim() || undefined,
          })
        : client.call('acceptLink', { link, password, ...(asksForCode ? { code } : {}) }),
    onError: (error) => {
      if (needsCode(error)) setAsksForCode(true);
    },
    onSuccess: (pair) => {
      queries.clear();
      session.begin(pair);
      void navigate({ to: '/', replace: true });
    },
  });
  const ways = useWaysIn(checked.email ?? '');
  const isInvitation = checked.purpose === 'invite';
  const asksForPassword = !isInvitation || ways?.password !== false;
  const { title, text, action } = words[checked.purpose];
  const tooShort = password !== '' && password.length < 12;

  return (
    <FrontDoor
      title={checked.organization && !isSetup ? `${title} to ${checked.organization}` : title}
      text={text}
      foot={
        <>
          This link stops working <RelativeTime at={checked.expiresAt} />.
        </>
      }
    >
      {asksForPassword && (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            enter.mutate();
          }}
        >
          {enter.error && !needsCode(enter.error) && <Problem error={enter.error} />}
          {isSetup && (
            <>
              <Field label="Organization" hint="What you call yourselves.">
                {(control) => (
                  <Input {...control} value={organization} onChange={(event) => setOrganization(event.target.value)} />
                )}
              </Field>
              <Field label="Your name" required>
                {(control) => (
                  <Input
                    {...control}
                    autoComplete="name"
                    autoFocus
                    value={name}
                    onChange={(event) => setName(event.target.value)}
                  />
                )}
              </Field>
            </>
          )}
          <Field label="E-mail" required hint={isSetup ? 'You sign in with it.' : undefined}>
            {(control) => (
              <Input
                {...control}
                type="email"
                name="email"
                autoComplete="username"
                readOnly={!isSetup}
                value={email}
                onChange={(event) => setEmail(event.target.value)}
              />
            )}
          </Field>
          <Field
            label="Password"
            required
            hint="At least 12 characters. A few words in a row are strong and easy to keep."
            error={tooShort && enter.isError ? 'Use at least 12 characters.' : null}
          >
            {(control) => (
              <Input
                {...control}
                type="password"
                name="password"
                autoComplete="new-password"
                minLength={12}
                maxLength={200}
                autoFocus={!isSetup}
                value={password}
                onChange={(event) => setPassword(event.target.value)}
              />
            )}
          </Field>
          {asksForCode && <CodeField value={code} onChange={setCode} />}
          <Button type="submit" kind="primary" busy={enter.isPending}>
            {action}
          </Button>
        </form>
      )}
      {isInvitation && <ProviderButtons ways={ways} link={link} verb="Accept with" />}
    </FrontDoor>
  );
}
