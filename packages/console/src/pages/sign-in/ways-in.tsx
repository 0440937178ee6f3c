// The ways to sign in besides a password: a button for each identity provider, and one for passkeys.
import { useMutation, useQuery } from '@tanstack/react-query';
import { Fingerprint, LogIn } from 'lucide-react';
import { type Output, useHub } from '../../api/hub.ts';
import { canUsePasskeys, PasskeyDismissed, provePasskey, type PasskeyProof } from '../../api/passkey.ts';
import { Button } from '../../parts/button.tsx';
import { Problem } from '../../parts/problem.tsx';
import { keepFlow } from './flow.ts';

export type WaysIn = Output<'signInOptions'>;

/** What is open to this address; before one is written, what is open to everybody here. */
export function useWaysIn(email: string): WaysIn | undefined {
  const { client } = useHub();
  const written = /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(email.trim()) ? email.trim().toLowerCase() : '';
  const domain = written.slice(written.indexOf('@') + 1);
  return useQuery({
    // The answer depends on the domain alone, so it is asked once for each.
    queryKey: ['ways-in', domain],
    queryFn: () => client.call('signInOptions', written === '' ? {} : { email: written }),
    placeholderData: (before) => before,
    retry: false,
  }).data;
}

interface ProviderButtonsProps {
  readonly ways: WaysIn | undefined;
  /** Where to go afterwards. */
  readonly next?: string | undefined;
  /** An invitation to accept. */
  readonly link?: string | undefined;
  readonly verb: string;
}

export function ProviderButtons({ ways, next, link, verb }: ProviderButtonsProps) {
  const { client } = useHub();
  const start = useMutation({
    mutationFn: async (provider: WaysIn['providers'][number]['id']) => {
      const { url, flow } = await client.call('startProviderSignIn', { id: provider, link });
      keepFlow(sessionStorage, { provider, flow, next });
      location.assign(url);
      // Until the browser has left.
      await new Promise(() => undefined);
    },
  });
  if (ways === undefined || ways.providers.length === 0) return null;
  // They lead back to the address that the hub gives out; what this tab keeps stays at the address it is at.
  const elsewhere = ways.url !== location.origin;
  return (
    <div className="ways-in">
      {start.error && <Problem error={start.error} />}
      {elsewhere ? (
        <p className="soft">
          To sign in with {ways.providers.map(({ name }) => name).join(' or ')}, open{' '}
          <a href={`${ways.url}/sign-in`}>{ways.url}</a>.
        </p>
      ) : (
        ways.providers.map(({ id, name }) => (
          <Button
            key={id}
            icon={LogIn}
            busy={start.isPending && start.variables === id}
            onClick={() => start.mutate(id)}
          >
            {verb} {name}
          </Button>
        ))
      )}
    </div>
  );
}

interface PasskeyButtonProps {
  readonly ways: WaysIn | undefined;
  readonly label: string;
  readonly busy: boolean;
  readonly onProof: (proof: PasskeyProof) => void;
}

export function PasskeyButton({ ways, label, busy, onProof }: PasskeyButtonProps) {
  const { client } = useHub();
  const prove = useMutation({ mutationFn: () => provePasskey(client), onSuccess: onProof });
  if (!canUsePasskeys(ways?.passkeys)) return null;
  const failed = prove.error !== null && !(prove.error instanceof PasskeyDismissed);
  return (
    <>
      {failed && <Problem error={prove.error} />}
      <Button icon={Fingerprint} busy={busy || prove.isPending} onClick={() => prove.mutate()}>
        {label}
      </Button>
    </>
  );
}
