// Where a member is signed in, each to be ended by itself.
import { Ban } from 'lucide-react';
import { type ItemOf, usePages, useWrite } from '../../api/hub.ts';
import { Badge } from '../../parts/badge.tsx';
import { IconButton } from '../../parts/button.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Column, Table } from '../../parts/table.tsx';
import { say, warn } from '../../parts/toast.tsx';

type SignIn = ItemOf<'listSignIns'>;

interface SignInListProps {
  /** Left out: the reader's own. */
  readonly member?: `mem_${string}`;
}

export function SignInList({ member }: SignInListProps) {
  const signIns = usePages('listSignIns', member === undefined ? {} : { member });
  const end = useWrite('endSignIn', 'sign-ins');
  const ask = (signIn: SignIn) =>
    end.mutate(
      { id: signIn.id },
      {
        onSuccess: () => say('That sign-in has ended', { detail: 'Its tokens stopped working at once.' }),
        onError: (error) => warn('It could not be ended', sentenceOf(error)),
      },
    );
  const columns: readonly Column<SignIn>[] = [
    {
      key: 'client',
      head: 'Signed in with',
      phone: 'bare',
      wide: true,
      cell: (signIn) => (
        <span className="row">
          <span className="clip">{signIn.client}</span>
          {signIn.isThis && <Badge tone="accent">this one</Badge>}
        </span>
      ),
    },
    { key: 'created', head: 'Since', align: 'end', cell: (signIn) => <RelativeTime at={signIn.createdAt} /> },
    {
      key: 'end',
      head: 'End',
      quiet: true,
      align: 'end',
      cell: (signIn) =>
        !signIn.isThis && <IconButton icon={Ban} label={`End ${signIn.client}`} onClick={() => ask(signIn)} />,
    },
  ];
  return (
    <Section title="Sign-ins" text="Ending one stops its tokens at the next request. Personal tokens go on.">
      {signIns.error && !signIns.items ? (
        <Problem error={signIns.error} />
      ) : signIns.items?.length === 0 ? (
        <p className="soft">Signed in nowhere.</p>
      ) : (
        <Table caption="Sign-ins" columns={columns} rows={signIns.items} rowKey={({ id }) => id} />
      )}
      <MoreButton query={signIns} />
    </Section>
  );
}
