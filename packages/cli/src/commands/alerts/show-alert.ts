import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { Command } from 'commander';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { relativeTime } from '../../output/words.ts';
import { checkedId } from '../checked-id.ts';
import { addExamples } from '../examples.ts';
import { severityTones, whereText } from './list-alerts.ts';

type Detail = OutputOf<Operations['getAlert']>;
type Event = Detail['history'][number];

export function showAlertCommand(host: Host): Command {
  const command = new Command('show')
    .description('Show an alert: what was there when it was raised, and what was done about it')
    .argument('<alert-id>', 'its id, from "mcpvault alerts list"')
    .action(action(host, showAlert));
  return addExamples(command, { command: 'mcpvault alerts show alt_01k…', does: 'Look at one alert' });
}

async function showAlert(run: Invocation, given: string): Promise<void> {
  const id = checkedId('alt', given, 'mcpvault alerts list');
  const hub = await run.connect();
  const alert = await hub.call('getAlert', { id });
  run.out.result(alert, () => textOf(alert, run));
}

function textOf(alert: Detail, { out, io }: Invocation): string {
  const { severity, state, title, owner, count, firstAt, lastAt, snapshot, messages, history } = alert;
  const now = io.clock.now();
  const { policy, findings, places, edits, message, text, fix } = snapshot;
  const found = Object.entries(findings).map(([detector, times]) => `${detector} (${times})`);
  const facts: readonly (readonly [string, string | null])[] = [
    ['state', owner === null ? state : `${state}, ${owner.email} is at it`],
    ['where', whereText(alert)],
    ['times', `${count}, first ${relativeTime(firstAt, now)}, last ${relativeTime(lastAt, now)}`],
    ['policy', policy && `${policy.name}, version ${policy.version}`],
    ['because', text === '' ? null : text],
    ['help', fix],
    ['condition', policy?.condition ?? null],
    ['found', found.length === 0 ? null : found.join(', ')],
    ['places', places.length === 0 ? null : places.map(({ side, pointer }) => `${side} ${pointer}`).join(', ')],
    ['changed', edits.length === 0 ? null : `${edits.length} places`],
    ['did', message && `${message.method} was ${message.did}`],
    ['trace', message?.trace ?? null],
    ['messages', messages.length === 0 ? null : messages.join(' ')],
  ];
  const lines = facts.flatMap(([name, said]) => (said === null ? [] : `  ${name.padEnd(10)}${safeLine(said)}`));
  const done = history.map((event) => `  ${safeLine(eventText(event, now))}`);
  const head = `${out.style(severityTones[severity], severity)}  ${safeLine(title)}`;
  return [head, ...lines, ...(done.length === 0 ? [] : ['', ...done])].join('\n');
}

function eventText({ at, by, state, owner, comment }: Event, now: number): string {
  const did = [
    state === null ? null : `made it ${state}`,
    owner === undefined ? null : owner === null ? 'gave it back' : `gave it to ${owner.email}`,
    comment === null ? null : `said: ${comment}`,
  ].filter((part) => part !== null);
  return `${relativeTime(at, now)}  ${by?.email ?? 'MCPVault'} ${did.join(', ')}`;
}
