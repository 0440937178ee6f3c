import { Link } from '@tanstack/react-router';
import { Braces, ListVideo, Terminal } from 'lucide-react';
import { useRef } from 'react';
import { type Output, useRead } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { byteSize, clock, duration, exactTime } from '../../format.ts';
import { buttonLook } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import type { JsonViewHandle } from '../../parts/json/json-view.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Facts } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { asCurl } from './as-curl.ts';
import { MessageBody } from './message-body.tsx';
import { MessageEdits } from './message-edits.tsx';
import { MessageJudged } from './message-judged.tsx';
import { outcomeLooks, OutcomeDot } from './outcome.tsx';
import { marksOf } from './marks.ts';
import { Timing } from './timing.tsx';
import './message-view.css';

export type OpenMessage = Output<'getMessage'>;

/** Everything about one message. Reading it leaves an audit entry, so it is read once and kept. */
export function MessageView({ id, onPage = false }: { readonly id: string; readonly onPage?: boolean }) {
  const message = useRead('getMessage', { id: id as `msg_${string}` }, { once: true });
  if (message.error) {
    return (
      <div className="message">
        <Problem error={message.error} title="The message could not be read" onRetry={() => void message.refetch()} />
      </div>
    );
  }
  if (!message.data) {
    return (
      <div className="message">
        <SkeletonLines count={9} label="Loading the message" />
      </div>
    );
  }
  return <Shown message={message.data} onPage={onPage} />;
}

function Shown({ message, onPage }: { readonly message: OpenMessage; readonly onPage: boolean }) {
  const Heading = onPage ? 'h1' : 'h2';
  const Subheading = onPage ? 'h2' : 'h3';
  const may = useMay();
  const detectors = useRead('listDetectors', {}, { enabled: may('policies:read') }).data?.items;
  const titleOf = (detector: string) => detectors?.find((one) => one.id === detector)?.title ?? detector;
  const request = useRef<JsonViewHandle>(null);
  const response = useRef<JsonViewHandle>(null);
  const requestMarks = marksOf(message.request, titleOf, 0);
  const responseMarks = marksOf(message.response, titleOf, requestMarks.length);
  const title = message.target ?? message.method;

  return (
    <article className="message" aria-label={title}>
      <header className="message-head">
        <div className="row">
          <OutcomeDot outcome={message.outcome} />
          <span className="faint num" title={exactTime(new Date(message.at))}>
            {new Date(message.at).toLocaleDateString('en', { day: 'numeric', month: 'short' })}{' '}
            {clock(new Date(message.at))}
          </span>
        </div>
        <Heading className="mono">{title}</Heading>
        <MessageActions message={message} />
      </header>
      <Why message={message} />
      <div className="message-about">
        <MessageFacts message={message} />
        <Timing message={message} />
      </div>
      <MessageEdits
        Heading={Subheading}
        marks={[...requestMarks, ...responseMarks]}
        requestCount={requestMarks.length}
        onShow={(side, index) => (side === 'request' ? request : response).current?.show(index)}
      />
      <MessageJudged Heading={Subheading} judged={message.judged} />
      <div className="message-bodies">
        <MessageBody
          ref={request}
          Heading={Subheading}
          title="Request"
          path={message.direction === 'call' ? ['client', 'server'] : ['server', 'client']}
          body={message.request}
          marks={requestMarks}
          bytes={message.requestBytes}
          nothing="This message has no request body."
        />
        <MessageBody
          ref={response}
          Heading={Subheading}
          title="Response"
          path={message.direction === 'call' ? ['server', 'client'] : ['client', 'server']}
          body={message.response}
          marks={responseMarks}
          bytes={message.responseBytes}
          nothing={outcomeLooks[message.outcome].meaning}
        />
      </div>
    </article>
  );
}

function MessageActions({ message }: { readonly message: OpenMessage }) {
  const { request, endpoint, protocol, direction } = message;
  const sent = request?.original ?? request?.delivered ?? null;
  const url = `${location.origin}/mcp${endpoint === null ? '' : `/${encodeURIComponent(endpoint)}`}`;
  return (
    <div className="row">
      {sent !== null && direction === 'call' && (
        <CopyButton full kind="quiet" label="Copy as curl" text={() => asCurl(url, sent, protocol)} icon={Terminal} />
      )}
      <CopyButton full kind="quiet" label="Copy as JSON" text={() => JSON.stringify(message, null, 2)} icon={Braces} />
      <Link
        to="/messages/$id/conversation"
        params={{ id: message.id }}
        {...buttonLook({ kind: 'quiet', size: 'small' })}
      >
        <ListVideo size={15} aria-hidden="true" />
        Replay the conversation
      </Link>
      <CopyButton full kind="quiet" label="Copy link" text={`${location.origin}/messages/${message.id}`} />
    </div>
  );
}

function Why({ message: { reason, code, outcome } }: { readonly message: OpenMessage }) {
  if (reason === null && code === null) return null;
  const tone = outcome === 'failed' || outcome === 'error' ? 'bad' : 'warn';
  return (
    <Notice tone={tone} title={reason ?? outcomeLooks[outcome].meaning}>
      {code !== null && (
        <p className="soft">
          Code <code>{code}</code>
        </p>
      )}
    </Notice>
  );
}

function MessageFacts({ message }: { readonly message: OpenMessage }) {
  const may = useMay();
  const { server, member, client, protocol, method, endpoint } = message;
  return (
    <Facts
      items={[
        [
          'Method',
          <Link key="method" to="/messages" search={{ method }} className="mono">
            {method}
          </Link>,
        ],
        [
          'Server',
          server ? (
            <Link key="server" to="/servers/$id" params={{ id: server.id }}>
              {server.name}
            </Link>
          ) : (
            'all servers'
          ),
        ],
        [
          'Member',
          may('members:read') ? (
            <Link key="member" to="/members/$id" params={{ id: member.id }} title={member.email}>
              {member.name || member.email}
            </Link>
          ) : (
            member.name || member.email
          ),
        ],
        [
          'Client',
          client ?? (
            <span key="client" className="faint">
              did not say
            </span>
          ),
        ],
        ['Endpoint', <code key="endpoint">/mcp{endpoint === null ? '' : `/${endpoint}`}</code>],
        protocol === null
          ? null
          : [
              'Protocol',
              <span key="protocol" className="num">
                {protocol}
              </span>,
            ],
        [
          'Sizes',
          <span key="sizes" className="num">
            {sizes(message)}
          </span>,
        ],
        [
          'Took',
          <span key="took" className="num">
            {duration(message.durationUs)}
          </span>,
        ],
      ]}
    />
  );
}

function sizes({ requestBytes, responseBytes }: OpenMessage): string {
  const size = (bytes: number | null) => (bytes === null ? '—' : byteSize(bytes));
  return `${size(requestBytes)} → ${size(responseBytes)}`;
}
