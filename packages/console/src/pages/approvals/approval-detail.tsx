import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type Output, useRead, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { counted } from '../../format.ts';
import { Badge, StatusDot } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { useConfirm } from '../../parts/confirm.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { JsonView } from '../../parts/json/json-view.tsx';
import { Keys } from '../../parts/keys.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Card, Facts } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { useShortcuts } from '../../parts/shortcuts.ts';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { say, warn } from '../../parts/toast.tsx';
import { type Asked, stateLooks, stateText, wishOf } from './approval-words.ts';

type Detail = Output<'getApproval'>;

/** One held call: who asks for what, which rules hold it, what happened before, and the answer to it. */
export function ApprovalDetail({ id }: { readonly id: Asked['id'] }) {
  const asked = useRead('getApproval', { id });
  if (asked.error && !asked.data) return <Problem error={asked.error} onRetry={() => void asked.refetch()} />;
  if (!asked.data) return <SkeletonLines count={8} label="Loading the held call" />;
  const { data } = asked;
  return (
    <Card padded={false}>
      <article className="approval" aria-label={wishOf(data)}>
        <header className="approval-head">
          <h2>{wishOf(data)}</h2>
          <StatusDot tone={stateLooks[data.state].tone} label={stateText(data)} />
        </header>
        <What asked={data} />
        <section aria-label="Arguments">
          <h3>Arguments</h3>
          <Arguments asked={data} />
        </section>
        <Answers asked={data} />
        <Before asked={data} />
        <Decision asked={data} />
      </article>
    </Card>
  );
}

function What({ asked }: { readonly asked: Detail }) {
  const mayReadPolicies = useMay()('policies:read');
  const { member, actor, client, policies, note, createdAt, expiresAt, state, needed } = asked;
  return (
    <Facts
      items={[
        [
          'Asked by',
          <span key="who" className="row">
            <span>{member.name || member.email}</span>
            <span className="soft">{member.email}</span>
            {actor && <Badge tone="warn">{`${actor.name} acts as them`}</Badge>}
          </span>,
        ],
        [
          'With',
          <span key="with">
            {client ?? 'a client without a name'}, <RelativeTime at={createdAt} />
          </span>,
        ],
        [
          'Held by',
          <span key="held" className="stack">
            {policies.map(({ id, name, reason }) => (
              <span key={id}>
                {mayReadPolicies ? (
                  <Link to="/policies" search={{ edit: id }}>
                    {name}
                  </Link>
                ) : (
                  name
                )}
                : {reason}
              </span>
            ))}
          </span>,
        ],
        note === null ? null : ['They say', <q key="note">{note}</q>],
        needed > 1 ? ['It takes', `${needed} different people`] : null,
        state === 'pending' || state === 'approved' ? ['Until', <RelativeTime key="until" at={expiresAt} />] : null,
      ]}
    />
  );
}

function Arguments({ asked }: { readonly asked: Detail }) {
  if (!asked.isCut) return <JsonView label="Arguments" text={asked.arguments} />;
  return (
    <>
      <pre className="approval-cut" tabIndex={0} role="region" aria-label="Arguments">
        {asked.arguments}
      </pre>
      <p className="soft">There is more of it than is shown here.</p>
    </>
  );
}

function Answers({ asked: { votes } }: { readonly asked: Detail }) {
  if (votes.length === 0) return null;
  return (
    <section aria-label="What was said">
      <h3>What was said</h3>
      <ul className="approval-votes">
        {votes.map(({ member, says, scope, reason, at }) => (
          <li key={member.id}>
            <Badge tone={says === 'approve' ? 'ok' : 'bad'}>{says === 'approve' ? 'yes' : 'no'}</Badge>
            <span>{member.name || member.email}</span>
            {scope === 'session' && <span className="soft">for the session</span>}
            {reason !== null && <q>{reason}</q>}
            <RelativeTime at={at} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Before({ asked: { similar, calls, member } }: { readonly asked: Detail }) {
  const { answered, failed, refused, lastAt } = calls;
  const whose = member.name || member.email;
  return (
    <section aria-label="Before">
      <h3>Before</h3>
      <p className="soft">
        {answered + failed + refused === 0
          ? `${whose} has not called this in the last thirty days.`
          : `In the last thirty days ${whose} got ${counted(answered, 'answer')} from it; ${failed} failed, ${refused} refused.`}
        {lastAt !== null && (
          <>
            {' '}
            The last time was <RelativeTime at={lastAt} />.
          </>
        )}
      </p>
      {similar.length > 0 && (
        <ul className="approval-votes">
          {similar.map((one) => (
            <li key={one.id}>
              <StatusDot tone={stateLooks[one.state].tone} label={stateLooks[one.state].label} />
              <Link to="/approvals/$id" params={{ id: one.id }} search={{ show: 'all' }}>
                {one.member.email}
              </Link>
              {one.isSame && <Badge>the very same call</Badge>}
              {one.reason !== null && <q>{one.reason}</q>}
              <RelativeTime at={one.createdAt} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Decision({ asked }: { readonly asked: Detail }) {
  const withdraw = useWrite('withdrawCall');
  const { id, state, whyNot, isOwn } = asked;
  if (isOwn && state === 'pending') {
    return (
      <Notice
        title="You asked for this"
        actions={
          <Button
            busy={withdraw.isPending}
            onClick={() =>
              withdraw.mutate(
                { id },
                {
                  onSuccess: () => say('You took it back'),
                  onError: (error) => warn('It could not be taken back', sentenceOf(error)),
                },
              )
            }
          >
            Take it back
          </Button>
        }
      >
        <p>Somebody else has to say yes. The call goes on by itself then, or when it is sent again.</p>
      </Notice>
    );
  }
  if (state !== 'pending' && state !== 'approved') return null;
  if (whyNot !== null) return <p className="soft">{whyNot}</p>;
  return <Desk asked={asked} />;
}

/** Where the yes and the no are. */
function Desk({ asked }: { readonly asked: Detail }) {
  const approve = useWrite('approveCall', 'policies');
  const refuse = useWrite('refuseCall');
  const confirm = useConfirm();
  const [reason, setReason] = useState('');
  const { id, state, sessions, method, target, member } = asked;
  const isBusy = approve.isPending || refuse.isPending;
  const failed = (error: unknown) => warn('Your answer did not arrive', sentenceOf(error));
  const given = reason.trim() === '' ? {} : { reason: reason.trim() };

  const sayYes = (more: { readonly scope?: 'session'; readonly proposePolicy?: true } = {}): void =>
    approve.mutate(
      { id, ...given, ...more },
      {
        onSuccess: ({ state: now, proposed }) =>
          say(now === 'pending' ? 'You said yes; somebody else has to, too' : 'Approved', {
            detail: proposed === null ? undefined : `The draft “${proposed.name}” is among the policies.`,
          }),
        onError: failed,
      },
    );
  const sayNo = (): void => refuse.mutate({ id, ...given }, { onSuccess: () => say('Refused'), onError: failed });
  const ask = async (yes: boolean): Promise<void> => {
    const title = yes ? `Approve ${wishOf(asked)}, once?` : `Refuse ${wishOf(asked)}?`;
    const text = `${member.email} asked for it.`;
    if (await confirm({ title, text, action: yes ? 'Approve' : 'Refuse', danger: !yes })) (yes ? sayYes : sayNo)();
  };
  useShortcuts({ y: () => void ask(true), n: () => void ask(false) }, !isBusy && state === 'pending');

  if (state === 'approved') {
    return (
      <div className="approval-desk">
        <Button kind="danger" busy={refuse.isPending} onClick={sayNo}>
          Take the approval back
        </Button>
      </div>
    );
  }
  return (
    <div className="approval-desk">
      <Field label="Reason" hint="Kept with your answer; whoever asked reads why it was refused.">
        {(control) => (
          <Input {...control} maxLength={1000} value={reason} onChange={(event) => setReason(event.target.value)} />
        )}
      </Field>
      <div className="approval-buttons">
        <Button kind="primary" busy={approve.isPending} disabled={isBusy} onClick={() => sayYes()}>
          Approve once <Keys of="y" />
        </Button>
        {sessions && (
          <Button disabled={isBusy} onClick={() => sayYes({ scope: 'session' })}>
            Approve for the session
          </Button>
        )}
        {method === 'tools/call' && target !== null && (
          <Button disabled={isBusy} onClick={() => sayYes({ proposePolicy: true })}>
            Approve and propose a policy
          </Button>
        )}
        <Button kind="danger" busy={refuse.isPending} disabled={isBusy} onClick={sayNo}>
          Refuse <Keys of="n" />
        </Button>
      </div>
      <p className="faint">
        {sessions
          ? 'For the session: every call of this tool in this conversation, whatever its arguments, as long as the policies stay as they are.'
          : 'A policy wants each call approved by itself.'}
      </p>
    </div>
  );
}
