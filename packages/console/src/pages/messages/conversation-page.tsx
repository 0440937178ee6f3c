import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { ChevronFirst, ChevronLast, ChevronLeft, ChevronRight, Pause, Play } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { type ItemOf, useRead } from '../../api/hub.ts';
import { clock, counted } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button, IconButton } from '../../parts/button.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useShortcuts } from '../../parts/shortcuts.ts';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { stateAt } from './conversation-state.ts';
import { MessageView } from './message-view.tsx';
import { OutcomeDot } from './outcome.tsx';
import './conversation-page.css';

const route = getRouteApi('/signed-in/messages/$id/conversation');

export type Step = ItemOf<'listConversation'>;

/** Milliseconds that a step stands while it plays. */
const stepPause = 2000;

/** One conversation from its first message to its last, step by step as it was recorded. */
export function ConversationPage() {
  const { id } = route.useParams();
  const conversation = useRead('listConversation', { id: id as `msg_${string}` });
  return (
    <Page
      wide
      title="Conversation"
      trail={
        <Link to="/messages/$id" params={{ id }}>
          ← Message
        </Link>
      }
      text="What one client said and was answered, in its order. Reading a message leaves an entry in the audit log."
    >
      {conversation.error && (
        <Problem
          error={conversation.error}
          title="The conversation could not be read"
          onRetry={() => void conversation.refetch()}
        />
      )}
      {!conversation.data && !conversation.error && <SkeletonLines count={10} label="Loading the conversation" />}
      {conversation.data && <Replay id={id} steps={conversation.data.items} isWhole={conversation.data.complete} />}
    </Page>
  );
}

interface ReplayProps {
  readonly id: string;
  readonly steps: readonly Step[];
  readonly isWhole: boolean;
}

function Replay({ id, steps, isWhole }: ReplayProps) {
  const { at } = route.useSearch();
  const navigate = useNavigate();
  const [playing, setPlaying] = useState(false);
  const list = useRef<HTMLOListElement>(null);
  const found = steps.findIndex((step) => step.id === (at ?? id));
  const index = Math.max(0, found);
  const step = steps[index];
  const go = (to: number) => {
    const next = steps[Math.max(0, Math.min(steps.length - 1, to))];
    if (next && next.id !== step?.id)
      void navigate({ to: '/messages/$id/conversation', params: { id }, search: { at: next.id }, replace: true });
  };
  const stop = (to: number) => {
    setPlaying(false);
    go(to);
  };

  const latest = useRef(go);
  useEffect(() => {
    latest.current = go;
  });
  const isLast = index >= steps.length - 1;
  useEffect(() => {
    if (!playing || isLast) return undefined;
    const timer = setTimeout(() => latest.current(index + 1), stepPause);
    return () => clearTimeout(timer);
  }, [playing, index, isLast]);
  useEffect(() => {
    list.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [index]);
  useShortcuts({
    j: () => stop(index + 1),
    k: () => stop(index - 1),
    ArrowRight: () => stop(index + 1),
    ArrowLeft: () => stop(index - 1),
    Home: () => stop(0),
    End: () => stop(steps.length - 1),
    p: () => setPlaying(!playing),
  });
  if (step === undefined) return null;
  const state = stateAt(steps, index);
  const isPlaying = playing && !isLast;

  return (
    <>
      <div className="replay-bar" role="group" aria-label="Replay">
        <IconButton icon={ChevronFirst} label="First" shortcut="Home" disabled={index === 0} onClick={() => stop(0)} />
        <IconButton
          icon={ChevronLeft}
          label="Previous"
          shortcut="k"
          disabled={index === 0}
          onClick={() => stop(index - 1)}
        />
        <Button
          size="small"
          icon={isPlaying ? Pause : Play}
          aria-keyshortcuts="p"
          disabled={index === steps.length - 1}
          onClick={() => setPlaying(!playing)}
        >
          {isPlaying ? 'Pause' : 'Play'}
        </Button>
        <IconButton
          icon={ChevronRight}
          label="Next"
          shortcut="j"
          disabled={index === steps.length - 1}
          onClick={() => stop(index + 1)}
        />
        <IconButton
          icon={ChevronLast}
          label="Last"
          shortcut="End"
          disabled={index === steps.length - 1}
          onClick={() => stop(steps.length - 1)}
        />
        <input
          type="range"
          className="replay-range"
          aria-label="Step"
          min={1}
          max={steps.length}
          value={index + 1}
          onChange={(event) => stop(Number(event.target.value) - 1)}
        />
        <span className="num" role="status">{`Step ${index + 1} of ${steps.length}`}</span>
      </div>
      <dl className="replay-state" aria-label="The conversation up to here">
        <div>
          <dt>Calls of tools</dt>
          <dd className="num">{state.calls}</dd>
        </div>
        <div>
          <dt>Refused</dt>
          <dd className="num">{state.refusals}</dd>
        </div>
        <div>
          <dt>Edited</dt>
          <dd className="num">{state.edited}</dd>
        </div>
        <div>
          <dt>Labels</dt>
          <dd className="row">
            {state.labels.length === 0 ? (
              <span className="faint">none</span>
            ) : (
              state.labels.map((label) => (
                <Badge key={label} tone="accent">
                  {label}
                </Badge>
              ))
            )}
          </dd>
        </div>
      </dl>
      {!isWhole && <p className="soft">It is longer than this: these are the messages around the one you came from.</p>}
      <div className="replay-sides">
        <ol ref={list} className="replay-steps" aria-label="Steps" tabIndex={0}>
          {steps.map((one, place) => (
            <li key={one.id}>
              <button
                type="button"
                className="replay-step"
                aria-current={place === index ? 'step' : undefined}
                onClick={() => stop(place)}
              >
                <span className="replay-line">
                  <OutcomeDot outcome={one.outcome} quiet />
                  <code className="clip">{one.target ?? one.method}</code>
                  <span className="faint num">{clock(new Date(one.at))}</span>
                </span>
                <span className="replay-line">
                  <span className="soft clip">{one.server?.name ?? one.method}</span>
                  {one.redactions > 0 && <Badge tone="brass">{counted(one.redactions, 'edit')}</Badge>}
                  {one.labels.map((label) => (
                    <Badge key={label} tone="accent">{`+ ${label}`}</Badge>
                  ))}
                </span>
              </button>
            </li>
          ))}
        </ol>
        <div className="replay-message card">
          <MessageView key={step.id} id={step.id} />
        </div>
      </div>
    </>
  );
}
