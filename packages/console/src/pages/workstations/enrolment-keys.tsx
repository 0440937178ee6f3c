import { Trash2 } from 'lucide-react';
import { useState } from 'react';
import { type ItemOf, useRead, useWrite } from '../../api/hub.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { warn } from '../../parts/toast.tsx';

type Key = ItemOf<'listEnrolmentKeys'>;

/** Keys for computers that are set up where nobody signs in. */
export function EnrolmentKeys({ onClose }: { readonly onClose: () => void }) {
  const keys = useRead('listEnrolmentKeys', {});
  const create = useWrite('createEnrolmentKey');
  const [name, setName] = useState('');
  const [uses, setUses] = useState(1);
  const make = () =>
    create.mutate(
      { name, usesAtMost: uses },
      { onError: (error) => warn('The key could not be made', sentenceOf(error)) },
    );
  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title="Enrolment keys"
      description="With a key, device management enrols computers without a sign-in; it names the member of each. A key ends after a week, or when it is used up."
    >
      {create.data ? (
        <>
          <Notice tone="warn" title="Copy this key now: it is not shown again." />
          <CodeBlock label="Enrolment key" text={create.data.key} />
        </>
      ) : (
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            make();
          }}
        >
          <Field label="What it is for" required>
            {(control) => <Input {...control} value={name} onChange={(event) => setName(event.target.value)} />}
          </Field>
          <Field label="How many computers">
            {(control) => (
              <Input
                {...control}
                type="number"
                min={1}
                max={10_000}
                value={uses}
                onChange={(event) => setUses(Number(event.target.value))}
              />
            )}
          </Field>
          <div className="row">
            <Button type="submit" kind="primary" busy={create.isPending} disabled={name.trim() === ''}>
              Make key
            </Button>
          </div>
        </form>
      )}
      {keys.error && !keys.data ? (
        <Problem error={keys.error} />
      ) : (
        (keys.data === undefined || keys.data.items.length > 0) && (
          <Table
            caption="Enrolment keys"
            columns={columns}
            rows={keys.data?.items}
            rowKey={({ id }) => id}
            dim={({ revokedAt }) => revokedAt !== null}
          />
        )
      )}
    </Dialog>
  );
}

const columns: readonly Column<Key>[] = [
  { key: 'name', head: 'Key', phone: 'bare', cell: ({ name, prefix }) => `${name} (${prefix}…)`, wide: true },
  { key: 'for', head: 'For', cell: ({ member }) => member?.email ?? 'whom the installer names' },
  { key: 'used', head: 'Used', cell: ({ uses, usesAtMost }) => `${uses} of ${usesAtMost}` },
  {
    key: 'ends',
    head: 'Ends',
    cell: ({ expiresAt, revokedAt }) => (revokedAt === null ? <RelativeTime at={expiresAt} /> : 'revoked'),
  },
  { key: 'actions', head: 'Actions', quiet: true, align: 'end', cell: (key) => <Revoke enrolmentKey={key} /> },
];

function Revoke({ enrolmentKey: { id, name, revokedAt } }: { readonly enrolmentKey: Key }) {
  const revoke = useWrite('revokeEnrolmentKey');
  if (revokedAt !== null) return null;
  return (
    <IconButton
      icon={Trash2}
      label={`Revoke ${name}`}
      onClick={() => revoke.mutate({ id }, { onError: (error) => warn('The key still holds', sentenceOf(error)) })}
    />
  );
}
