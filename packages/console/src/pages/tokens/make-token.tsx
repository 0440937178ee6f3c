import { useState } from 'react';
import { useRead, useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Input, Select } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { useNow } from '../../parts/now.tsx';
import { Problem } from '../../parts/problem.tsx';
import { ConnectClient } from '../start/connect-client.tsx';

const lifetimes: readonly (readonly [string, number | null])[] = [
  ['Does not expire', null],
  ['7 days', 7],
  ['30 days', 30],
  ['90 days', 90],
  ['One year', 365],
];

export function MakeToken({ onClose }: { readonly onClose: () => void }) {
  const create = useWrite('createToken');
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
      title="Make a personal token"
      description="Whoever holds it can use what you may use, and nothing else. Make one for each client."
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
          create.mutate({
            name,
            expiresAt: days === null ? null : new Date(now + days * 86_400_000).toISOString(),
          });
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
