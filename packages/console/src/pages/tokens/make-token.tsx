import { useState } from 'react';
import { useAll, useRead, useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Input, Select } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useNow } from '../../parts/now.tsx';
import { MultiPicker } from '../../parts/picker.tsx';
import { Problem } from '../../parts/problem.tsx';
import { ConnectClient } from '../start/connect-client.tsx';

const lifetimes: readonly (readonly [string, number | null])[] = [
  ['Does not expire', null],
  ['7 days', 7],
  ['30 days', 30],
  ['90 days', 90],
  ['One year', 365],
];

interface MakeTokenProps {
  /** The service account that the key is for; oneself when left out. */
  readonly account?: { readonly id: `mem_${string}`; readonly name: string };
  readonly onClose: () => void;
}

export function MakeToken({ account, onClose }: MakeTokenProps) {
  const ofOneself = useWrite('createToken');
  const ofAccount = useWrite('createServiceAccountKey', 'tokens');
  const create = account ? ofAccount : ofOneself;
  const servers = useAll('listServers', {}).data ?? [];
  const [only, setOnly] = useState<string[]>([]);
  const endpoint = useRead('getOverview', {}).data?.endpoint;
  const now = useNow();
  const [name, setName] = useState('');
  const [days, setDays] = useState<number | null>(90);
  const made = create.data;

  if (made) {
    return (
      <Dialog
        open
        onClose={onClose}
        size="large"
        title={`Token “${made.name}”`}
        footer={
          <Button kind="primary" onClick={onClose}>
            I have copied it
          </Button>
        }
      >
        <Notice tone="warn" title="Copy it now: it is not shown again.">
          <p className="soft">The hub keeps only a fingerprint of it.</p>
        </Notice>
        <CodeBlock label="Token" text={made.token} />
        {endpoint && <ConnectClient name="mcpvault" url={endpoint} made={made} />}
      </Dialog>
    );
  }

  return (
    <Dialog
      open
      onClose={onClose}
      title={account ? `Make a key for ${account.name}` : 'Make a personal token'}
      description={`Whoever holds it can use what ${account ? 'the account' : 'you'} may use, and nothing else. Make one for each client.`}
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="make-token" busy={create.isPending}>
            Make token
          </Button>
        </>
      }
    >
      <form
        id="make-token"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          const draft = {
            name,
            expiresAt: days === null ? null : new Date(now + days * 86_400_000).toISOString(),
            scope: only.length === 0 ? null : { servers: only.map((server) => ({ server })) },
          };
          if (account) ofAccount.mutate({ id: account.id, ...draft });
          else ofOneself.mutate(draft);
        }}
      >
        {create.error && <Problem error={create.error} title="The token could not be made" />}
        <Field label="Name" required hint="Where it will be used.">
          {(control) => (
            <Input
              {...control}
              placeholder="Cursor on my laptop"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        </Field>
        <Field label="Only for these servers" hint="None chosen: for all that may be used.">
          {(control) => (
            <MultiPicker
              id={control.id}
              placeholder="All of them"
              choices={servers.map((server) => ({ value: server.id, label: server.name }))}
              values={only}
              onChange={setOnly}
            />
          )}
        </Field>
        <Field label="Expires">
          {(control) => (
            <Select
              {...control}
              value={days ?? ''}
              onChange={(event) => setDays(event.target.value === '' ? null : Number(event.target.value))}
            >
              {lifetimes.map(([label, value]) => (
                <option key={label} value={value ?? ''}>
                  {label}
                </option>
              ))}
            </Select>
          )}
        </Field>
      </form>
    </Dialog>
  );
}
