// One alert: what was there when it was raised, what was done about it, and what can be done now.
import { Link } from '@tanstack/react-router';
import { Check, Hand, RotateCcw, VolumeX } from 'lucide-react';
import { type Ref, useState } from 'react';
import { type Output, useRead, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { counted } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Field, TextArea } from '../../parts/field.tsx';
import { Facts } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { warn } from '../../parts/toast.tsx';
import { AlertHistory } from './alert-history.tsx';
import { Respond } from './respond.tsx';
import { SeverityDot, stateTones } from './severity.tsx';
import { useAlertActions, type Verb, verbsFor } from './use-alert-actions.ts';

export type OpenAlert = Output<'getAlert'>;

interface AlertDetailProps {
  readonly id: string;
  readonly onPage?: boolean;
  readonly comment?: Ref<HTMLTextAreaElement>;
}

export function AlertDetail({ id, onPage = false, comment }: AlertDetailProps) {
  const alert = useRead('getAlert', { id: id as `alt_${string}` }, { keep: true });
  if (alert.error && !alert.data) {
    return <Problem error={alert.error} title="The alert could not be read" onRetry={() => void alert.refetch()} />;
  }
  if (!alert.data) return <SkeletonLines count={8} label="Loading the alert" />;
  return <Shown alert={alert.data} onPage={onPage} comment={comment} />;
}

const verbs: Readonly<Record<Verb, { readonly label: string; readonly icon: typeof Check; readonly key: string }>> = {
  acknowledge: { label: 'Take it on', icon: Hand, key: 'a' },
  resolve: { label: 'Resolve', icon: Check, key: 'e' },
  dismiss: { label: 'Dismiss', icon: VolumeX, key: 'd' },
  reopen: { label: 'Open again', icon: RotateCcw, key: 'u' },
};

function Shown({ alert, onPage, comment }: Omit<AlertDetailProps, 'id'> & { readonly alert: OpenAlert }) {
  const Heading = onPage ? 'h1' : 'h2';
  const may = useMay();
  const actions = useAlertActions();
  const { title, severity, state, kind, owner, layer } = alert;
  return (
    <article className="alert" aria-label={title}>
      <header className="alert-head">
        <div className="row">
          <SeverityDot severity={severity} />
          <Badge tone={stateTones[state]}>{state}</Badge>
          {kind === 'operational' && <Badge>system</Badge>}
          {layer === 'workstation' && <Badge>workstation</Badge>}
          {owner && <span className="soft">{owner.name || owner.email} is at it</span>}
        </div>
        <Heading>{title}</Heading>
        {may('alerts:write') && (
          <div className="row">
            {verbsFor[state].map((verb, index) => (
              <Button
                key={verb}
                size="small"
                kind={index === 0 ? 'primary' : 'plain'}
                icon={verbs[verb].icon}
                aria-keyshortcuts={verbs[verb].key}
                busy={actions.isBusy}
                onClick={() => actions.run(verb, [alert])}
              >
                {verbs[verb].label}
              </Button>
            ))}
            <Respond alert={alert} />
          </div>
        )}
      </header>
      <What alert={alert} />
      <Found alert={alert} />
      <AlertHistory history={alert.history} firstAt={alert.firstAt} />
      {may('alerts:write') && <Comment id={alert.id} field={comment} />}
    </article>
  );
}

function What({ alert }: { readonly alert: OpenAlert }) {
  const { snapshot, member, server, tool, count, firstAt, lastAt, messages } = alert;
  const { text, fix, message, policy } = snapshot;
  return (
    <>
      {text !== '' && <p>{text}</p>}
      {fix !== null && <p className="soft">{fix}</p>}
      <Facts
        items={[
          policy && [
            'Policy',
            <span key="policy">
              <Link to="/policies" search={{ edit: policy.id }}>
                {policy.name}
              </Link>
              , version {policy.version}
            </span>,
          ],
          message && ['Message', `${message.method} was ${message.did}`],
          tool === null ? null : ['Tool', <code key="tool">{tool}</code>],
          server && [
            'Server',
            <Link key="server" to="/servers/$id" params={{ id: server.id }}>
              {server.name}
            </Link>,
          ],
          member && [
            'Member',
            <Link key="member" to="/members/$id" params={{ id: member.id }}>
              {member.name || member.email || member.id}
            </Link>,
          ],
          message?.client == null ? null : ['Client', message.client],
          message?.trace == null ? null : ['Trace', <code key="trace">{message.trace}</code>],
          [
            'Seen',
            <span key="seen">
              {counted(count, 'time')}, last <RelativeTime at={lastAt} />
              {count > 1 && (
                <>
                  , first <RelativeTime at={firstAt} />
                </>
              )}
            </span>,
          ],
          messages.length === 0
            ? null
            : [
                counted(messages.length, 'message'),
                <span key="messages" className="alert-messages">
                  {messages.map((id, index) => (
                    <Link key={id} to="/messages/$id" params={{ id }} className="mono" title={id}>
                      {index === 0 ? 'newest' : `…${id.slice(-6)}`}
                    </Link>
                  ))}
                </span>,
              ],
        ]}
      />
      {policy?.condition != null && <CodeBlock label="Condition" text={policy.condition} />}
    </>
  );
}

function Found({ alert: { snapshot } }: { readonly alert: OpenAlert }) {
  const { findings, places, edits, detectors } = snapshot;
  const names = Object.entries(findings);
  if (names.length === 0 && edits.length === 0) return null;
  const titleOf = (id: string) => detectors.find((detector) => detector.id === id)?.title ?? id;
  return (
    <section className="alert-part">
      <h3>What was found</h3>
      <ul className="alert-list">
        {names.map(([detector, times]) => (
          <li key={detector}>
            {titleOf(detector)} <span className="soft">{counted(times, 'time')}</span>
            {places
              .filter((place) => place.detector === detector)
              .map(({ side, pointer, inKey }) => (
                <code key={`${side} ${pointer} ${inKey}`} className="alert-place">
                  {side} {pointer}
                  {inKey && ' (a key)'}
                </code>
              ))}
          </li>
        ))}
        {edits.length > 0 && (
          <li>
            {counted(edits.length, 'place')} changed
            {[...new Set(edits.map(({ reason }) => reason))].map((reason) => (
              <span key={reason} className="soft">
                {' '}
                {reason}
              </span>
            ))}
          </li>
        )}
      </ul>
      <p className="faint">
        What stood there is not kept with the alert. It lies with the message, for those who may read it.
      </p>
    </section>
  );
}

function Comment({
  id,
  field,
}: {
  readonly id: OpenAlert['id'];
  readonly field: Ref<HTMLTextAreaElement> | undefined;
}) {
  const [text, setText] = useState('');
  const write = useWrite('changeAlerts');
  const send = () => {
    if (text.trim() === '') return;
    write.mutate(
      { ids: [id], comment: text },
      {
        onSuccess: () => setText(''),
        onError: (error) => warn('The comment could not be added', sentenceOf(error)),
      },
    );
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <Field label="Comment">
        {(control) => (
          <TextArea
            {...control}
            ref={field}
            rows={2}
            value={text}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) send();
            }}
          />
        )}
      </Field>
      <div>
        <Button type="submit" size="small" busy={write.isPending} disabled={text.trim() === ''}>
          Add comment
        </Button>
      </div>
    </form>
  );
}
