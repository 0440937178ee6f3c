// One's own passkeys: made, named, and removed with proof of who one is.
import { Fingerprint, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type Input as InputOf, type ItemOf, useHub, useRead, useWrite } from '../../api/hub.ts';
import { useMe } from '../../api/me.ts';
import { canUsePasskeys, makePasskey, PasskeyDismissed, provePasskey } from '../../api/passkey.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say } from '../../parts/toast.tsx';
import { useWaysIn } from '../sign-in/ways-in.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';

type Passkey = ItemOf<'listPasskeys'>;
type Proof = InputOf<'startPasskey'>;

export function Passkeys() {
  const passkeys = useRead('listPasskeys', {});
  const ways = useWaysIn('');
  const [adding, setAdding] = useState(false);
  const [removing, setRemoving] = useState<Passkey | null>(null);
  const [codes, setCodes] = useState<readonly string[] | null>(null);
  const usable = canUsePasskeys(ways?.passkeys);
  const columns: readonly Column<Passkey>[] = [
    {
      key: 'name',
      head: 'Passkey',
      phone: 'bare',
      wide: true,
      cell: ({ name, backedUp }) => (
        <span className="row">
          <span className="clip">{name}</span>
          {backedUp && <Badge>synced</Badge>}
        </span>
      ),
    },
    { key: 'used', head: 'Last used', align: 'end', cell: ({ lastUsedAt }) => <RelativeTime at={lastUsedAt} /> },
    {
      key: 'made',
      head: 'Added',
      align: 'end',
      phone: 'hidden',
      cell: ({ createdAt }) => <RelativeTime at={createdAt} />,
    },
    {
      key: 'remove',
      head: 'Remove',
      quiet: true,
      align: 'end',
      cell: (passkey) => (
        <IconButton icon={Trash2} label={`Remove ${passkey.name}`} onClick={() => setRemoving(passkey)} />
      ),
    },
  ];
  return (
    <Section
      title="Passkeys"
      text="Sign in with a finger, a face or a security key, without a password. Each counts as a second factor too."
      actions={
        usable && (
          <Button icon={Fingerprint} onClick={() => setAdding(true)}>
            Add a passkey
          </Button>
        )
      }
    >
      {passkeys.error && !passkeys.data ? (
        <Problem error={passkeys.error} />
      ) : passkeys.data?.items.length === 0 ? (
        <p className="soft">{usable ? 'You have none yet.' : unusable(ways?.passkeys)}</p>
      ) : (
        <Table caption="Passkeys" columns={columns} rows={passkeys.data?.items} rowKey={({ id }) => id} />
      )}
      {adding && <Add onClose={() => setAdding(false)} onCodes={setCodes} />}
      {removing !== null && <Remove passkey={removing} onClose={() => setRemoving(null)} />}
      {codes !== null && <RecoveryCodes codes={codes} onClose={() => setCodes(null)} />}
    </Section>
  );
}

function unusable(name: string | null | undefined): string {
  if (name == null) return 'Browsers allow passkeys only where this hub is reached by name, over https.';
  return location.hostname === name
    ? 'This browser knows no passkeys.'
    : `Open the console at ${name} to use passkeys.`;
}

interface AddProps {
  readonly onClose: () => void;
  readonly onCodes: (codes: readonly string[]) => void;
}

function Add({ onClose, onCodes }: AddProps) {
  const { client } = useHub();
  const add = useWrite('addPasskey', 'auth');
  const [name, setName] = useState('');
  const [trouble, setTrouble] = useState<unknown>(null);
  const save = async (proof: Proof) => {
    setTrouble(null);
    try {
      const credential = await makePasskey(client, proof);
      const { recoveryCodes } = await add.mutateAsync({ name, credential });
      say('Your passkey is ready');
      onClose();
      if (recoveryCodes !== null) onCodes(recoveryCodes);
    } catch (error) {
      if (!(error instanceof PasskeyDismissed)) setTrouble(error);
    }
  };
  return (
    <ProofDialog
      title="Add a passkey"
      description="Your browser then asks for a finger, a face or a key."
      action="Go on"
      error={trouble}
      busy={add.isPending}
      disabled={name.trim() === ''}
      onProof={(proof) => void save(proof)}
      onClose={onClose}
    >
      <Field label="Name" required hint="To tell it from others: the device it is on.">
        {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
      </Field>
    </ProofDialog>
  );
}

function Remove({ passkey, onClose }: { readonly passkey: Passkey; readonly onClose: () => void }) {
  const remove = useWrite('removePasskey', 'auth');
  const done = () => {
    say(`${passkey.name} is removed`);
    onClose();
  };
  return (
    <ProofDialog
      title={`Remove ${passkey.name}?`}
      description="It signs nobody in any more. Delete it on the device too."
      action="Remove"
      danger
      error={remove.error}
      busy={remove.isPending}
      onProof={(proof) => remove.mutate({ id: passkey.id, ...proof }, { onSuccess: done })}
      onClose={onClose}
    />
  );
}

interface ProofDialogProps {
  readonly title: string;
  readonly description: string;
  readonly action: string;
  readonly danger?: boolean;
  readonly error: unknown;
  readonly busy: boolean;
  readonly disabled?: boolean;
  readonly onProof: (proof: Proof) => void;
  readonly onClose: () => void;
  readonly children?: React.ReactNode;
}

/** Asks once more who it is, by what they have: a second factor where there is one, else the password. */
function ProofDialog({ title, description, action, danger = false, error, busy, disabled, ...rest }: ProofDialogProps) {
  const { client } = useHub();
  const me = useMe();
  const factor = me?.secondFactor;
  const [secret, setSecret] = useState('');
  const [trouble, setTrouble] = useState<unknown>(null);
  const asksForCode = factor?.isSetUp === true;
  const usesPasskey = asksForCode && factor.passkeys > 0 && secret === '';
  const submit = async () => {
    setTrouble(null);
    if (!asksForCode) return rest.onProof(secret === '' ? {} : { password: secret });
    if (!usesPasskey) return rest.onProof({ code: secret });
    try {
      rest.onProof({ passkey: await provePasskey(client) });
    } catch (failed) {
      if (!(failed instanceof PasskeyDismissed)) setTrouble(failed);
    }
  };
  const shown = trouble ?? error;
  return (
    <Dialog
      open
      onClose={rest.onClose}
      title={title}
      description={description}
      footer={
        <>
          <Button onClick={rest.onClose}>Cancel</Button>
          <Button kind={danger ? 'danger' : 'primary'} type="submit" form="proof" busy={busy} disabled={disabled}>
            {action}
          </Button>
        </>
      }
    >
      <form
        id="proof"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {shown !== null && shown !== undefined && <Problem error={shown} />}
        {rest.children}
        <input type="hidden" name="username" autoComplete="username" value={me?.member.email ?? ''} readOnly />
        {asksForCode ? (
          <Field
            label="Code"
            hint={
              factor.passkeys > 0
                ? 'Left empty, a passkey of yours is asked for.'
                : 'Of your authenticator app, or a recovery code.'
            }
          >
            {(control) => (
              <Input
                {...control}
                mono
                autoComplete="one-time-code"
                maxLength={40}
                value={secret}
                onChange={(event) => setSecret(event.target.value)}
              />
            )}
          </Field>
        ) : (
          <Field label="Your password" hint="Left empty where you have none.">
            {(control) => (
              <Input
                {...control}
                type="password"
                autoComplete="current-password"
                value={secret}
                onChange={(event) => setSecret(event.target.value)}
              />
            )}
          </Field>
        )}
      </form>
    </Dialog>
  );
}
