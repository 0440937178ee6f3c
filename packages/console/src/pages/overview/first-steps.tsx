import { Link } from '@tanstack/react-router';
import { Check, ChevronRight } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { useRead } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { counted } from '../../format.ts';
import { Button, buttonLook } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { ConnectClient } from '../start/connect-client.tsx';
import type { Overview } from './overview-page.tsx';
import './first-steps.css';

type StepKey = keyof Overview['firstSteps'];

const order: readonly StepKey[] = ['serverReady', 'clientConnected', 'callMade', 'redactionSeen'];
const dismissed = 'mcpvault.first-steps.dismissed';

/** From nothing to a governed call. What really happened ticks a step off, never a click. */
export function FirstSteps({ overview }: { readonly overview: Overview }) {
  const { firstSteps } = overview;
  const done = order.filter((key) => firstSteps[key]).length;
  const next = order.find((key) => !firstSteps[key]);
  const [hidden, setHidden] = useState(() => localStorage.getItem(dismissed) === 'yes');
  const [chosen, setChosen] = useState<StepKey | null | undefined>(undefined);
  const open = chosen === undefined ? next : chosen;
  const hide = (yes: boolean) => {
    setHidden(yes);
    if (yes) localStorage.setItem(dismissed, 'yes');
    else localStorage.removeItem(dismissed);
  };

  if (hidden) {
    if (next === undefined) return null;
    return (
      <p className="soft">
        {done} of {order.length} first steps done.{' '}
        <Button kind="quiet" size="small" onClick={() => hide(false)}>
          Go on with them
        </Button>
      </p>
    );
  }

  return (
    <section className="steps" aria-labelledby="first-steps">
      <header className="steps-head">
        <Ring done={done} of={order.length} />
        <div>
          <h2 id="first-steps">{next === undefined ? 'Everything works' : 'First steps'}</h2>
          <p className="soft" role="status">
            {next === undefined
              ? 'A client calls your servers through MCPVault, and policies watch over it.'
              : `${done} of ${order.length} done. Each one ticks itself off when it has really happened.`}
          </p>
        </div>
        <Button kind="quiet" size="small" onClick={() => hide(true)}>
          {next === undefined ? 'Close' : 'Hide'}
        </Button>
      </header>
      {next !== undefined && (
        <ol className="steps-list">
          {order.map((key) => (
            <Step
              key={key}
              title={titles[key]}
              done={firstSteps[key]}
              open={open === key}
              onToggle={() => setChosen(open === key ? null : key)}
            >
              {open === key && <StepBody step={key} overview={overview} />}
            </Step>
          ))}
        </ol>
      )}
    </section>
  );
}

const titles: Readonly<Record<StepKey, string>> = {
  serverReady: 'Add a server',
  clientConnected: 'Connect your client',
  callMade: 'Make a call',
  redactionSeen: 'See something redacted',
};

interface StepProps {
  readonly title: string;
  readonly done: boolean;
  readonly open: boolean;
  readonly onToggle: () => void;
  readonly children: ReactNode;
}

function Step({ title, done, open, onToggle, children }: StepProps) {
  return (
    <li className="step" data-done={done || undefined}>
      <button type="button" className="step-head" aria-expanded={open} onClick={onToggle}>
        <span className="step-mark" aria-hidden="true">
          {done && <Check size={13} strokeWidth={3} />}
        </span>
        <span className="step-title">
          {title}
          <span className="visually-hidden">{done ? ', done' : ', to do'}</span>
        </span>
        <ChevronRight size={15} aria-hidden="true" className="step-arrow" />
      </button>
      {open && <div className="step-body">{children}</div>}
    </li>
  );
}

function StepBody({ step, overview }: { readonly step: StepKey; readonly overview: Overview }) {
  switch (step) {
    case 'serverReady':
      return <AddServerStep overview={overview} />;
    case 'clientConnected':
      return (
        <>
          <p className="soft">
            One address leads to every server you may use. Choose your client and paste this into it.
          </p>
          <ConnectClient name="mcpvault" url={overview.endpoint} />
        </>
      );
    case 'callMade':
      return <CallStep />;
    case 'redactionSeen':
      return <RedactionStep />;
  }
}

function AddServerStep({ overview: { servers } }: { readonly overview: Overview }) {
  const may = useMay();
  return (
    <>
      <p className="soft">
        {servers.total === 0
          ? 'Add an MCP server by its command, its URL, or by pasting the configuration you already have.'
          : `${counted(servers.ready, 'server')} ready of ${servers.total}.`}{' '}
        {!may('servers:write') && 'An admin adds servers and grants them to you.'}
      </p>
      {may('servers:write') && (
        <Link to="/servers" search={{ add: true }} {...buttonLook({ kind: 'primary' })}>
          Add a server
        </Link>
      )}
    </>
  );
}

function CallStep() {
  const { data } = useRead('listServers', { limit: 20 });
  const server = data?.items.find((one) => one.status === 'ready');
  return (
    <>
      <p className="soft">Ask your client for something one of your servers can do, such as</p>
      <Prompt text="Use the echo tool to say hello through MCPVault." />
      {server && (
        <p className="soft">
          No client at hand?{' '}
          <Link to="/servers/$id" params={{ id: server.id }} search={{ tab: 'tools' }}>
            Call a tool of {server.name} from here
          </Link>
          , through the same endpoint.
        </p>
      )}
    </>
  );
}

function RedactionStep() {
  return (
    <>
      <p className="soft">
        Send something that looks like a secret (this one is made up) and watch it arrive without it. The policy that
        did it is named beside it.
      </p>
      <Prompt text="Use the echo tool to say: my card number is 4242 4242 4242 4242." />
      <Link to="/messages" {...buttonLook()}>
        Watch the messages
      </Link>
    </>
  );
}

function Prompt({ text }: { readonly text: string }) {
  return (
    <p className="step-prompt">
      <span>{text}</span>
      <CopyButton text={text} label="Copy prompt" />
    </p>
  );
}

function Ring({ done, of }: { readonly done: number; readonly of: number }) {
  const around = 2 * Math.PI * 14;
  return (
    <svg className="ring" viewBox="0 0 34 34" width="34" height="34" aria-hidden="true">
      <circle cx="17" cy="17" r="14" className="ring-back" />
      <circle
        cx="17"
        cy="17"
        r="14"
        className="ring-front"
        strokeDasharray={around}
        strokeDashoffset={around * (1 - done / of)}
      />
    </svg>
  );
}
