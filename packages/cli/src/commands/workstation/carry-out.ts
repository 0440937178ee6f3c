// Shows what pending links would change, asks, and writes: the same for adopting, syncing and reverting.
import { Failure } from '@mcpvault/domain/failure';
import {
  type FileChange,
  planFiles,
  pushFile,
  type PushDeps,
  type PushOptions,
  type Refusal,
  remember,
} from '@mcpvault/workstation/sync/push-links';
import { nextState } from '@mcpvault/workstation/sync/link-states';
import { policyWarnings } from '@mcpvault/workstation/sync/policy-warnings';
import { isSameLink, type Link } from '@mcpvault/workstation/sync/workstation-store';
import { CommandFailure } from '../../command-failure.ts';
import type { Invocation, Outcome } from '../../invocation.ts';
import { thisMachine } from './this-machine.ts';
import { safeLine, safeText } from '../../output/safe-text.ts';
import { count } from '../../output/words.ts';

export interface CarryOutChoice {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
  readonly later?: boolean;
}

export interface Work extends PushOptions {
  readonly links: readonly Link[];
  /** What was refused before it came to files. */
  readonly refused: readonly Refusal[];
  /** Whether servers were asked for by name, so that leaving one alone is a failure. */
  readonly isNamed: boolean;
  /** “Adopt”, as a question begins. */
  readonly asking: string;
  /** Remembers what is planned; called once it is agreed, before anything is written. */
  readonly begin: (links: readonly Link[]) => Promise<void>;
}

/** `general` where something that was asked for did not happen. */
export async function carryOut(run: Invocation, deps: PushDeps, work: Work, choice: CarryOutChoice): Promise<Outcome> {
  return explained<Outcome>(async () => {
    const { links, force = false, begin, asking } = work;
    const planned = await planFiles(links, deps.files, deps.now(), { force });
    const todo = planned.filter((change) => change.links.length > 0);
    const refused = [...work.refused, ...planned.flatMap((change) => change.refused)];
    const accepted = links.filter((link) => todo.some((change) => change.links.some((each) => isSameLink(each, link))));
    const warnings = await policyWarnings(accepted, thisMachine(run.io));
    for (const { message } of warnings) run.out.warn(message);
    if (choice.later === true && choice.dryRun !== true) {
      await begin(accepted);
      tellPlanned(run, accepted, refused);
      return refused.length > 0 && work.isNamed ? 'general' : 'ok';
    }
    if (choice.dryRun === true || todo.length === 0) {
      tell(run, todo, refused, false);
      return refused.length > 0 && (work.isNamed || todo.length === 0) ? 'general' : 'ok';
    }
    if (choice.yes !== true) {
      run.io.stderr.write(`${safeText(previews(todo))}\n`);
      for (const each of refused) run.out.note(refusalText(each));
    }
    if (
      !(await run.confirm(
        `${asking} ${count(accepted.length, 'server')}? A copy of every entry is kept, and “revert” brings it back.`,
        choice.yes,
      ))
    ) {
      run.out.note('Nothing was changed.');
      return 'general';
    }
    await begin(accepted);
    const done: FileChange[] = [];
    const failed: Refusal[] = [];
    for (const change of todo) {
      const outcome = await pushOrDrop(change, accepted, deps, { force });
      if ('path' in outcome) done.push(outcome);
      else failed.push(...outcome.refused);
    }
    tell(run, done, [...refused, ...failed], true);
    return failed.length > 0 || (refused.length > 0 && work.isNamed) ? 'general' : 'ok';
  });
}

/** A file that cannot be written leaves the others alone, and nothing planned behind. */
async function pushOrDrop(
  change: FileChange,
  accepted: readonly Link[],
  deps: PushDeps,
  options: PushOptions,
): Promise<FileChange | { readonly refused: readonly Refusal[] }> {
  try {
    return await pushFile(change, deps, options);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const ofFile = accepted.filter(({ path }) => path === change.path);
    await remember(deps.store, ofFile.map(discarded));
    const reason = error.message;
    return { refused: ofFile.map(({ client, path, address }) => ({ client, path, server: address.name, reason })) };
  }
}

/** As it was before it was planned. */
export function discarded(link: Link): Link {
  const state = nextState(link.state, 'discard');
  return state === 'refused' ? link : { ...link, state };
}

/** Failures of the workstation, in the words of the command line. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new CommandFailure(error.code === 'forbidden' ? 'forbidden' : 'general', error.code, error.message);
  }
}

function tell(run: Invocation, changes: readonly FileChange[], refused: readonly Refusal[], isApplied: boolean): void {
  const data = {
    applied: isApplied,
    changes: changes.map(({ path, preview, links }) => ({
      path,
      preview,
      servers: links.map(({ client, address, server, state }) => ({
        client,
        name: address.name,
        server: server.name,
        state,
      })),
    })),
    refused,
  };
  run.out.result(data, () => {
    const entries = changes.flatMap(({ links }) => links);
    const lines = isApplied ? entries.map(linkText) : [previews(changes)];
    if (entries.length === 0) lines.push('There is nothing to change.');
    else if (isApplied)
      lines.push(
        `${count(entries.length, 'entry').replace('entrys', 'entries')} in ${count(changes.length, 'file')} changed.`,
      );
    return [...lines, ...refused.map(refusalText)]
      .filter((line) => line !== '')
      .map(safeText)
      .join('\n');
  });
}

function tellPlanned(run: Invocation, links: readonly Link[], refused: readonly Refusal[]): void {
  const planned = links.map(({ client, path, address, state }) => ({ client, path, name: address.name, state }));
  run.out.result({ planned, refused }, () => {
    const said = `${count(planned.length, 'change')} planned. Write with: mcpvault workstation sync`;
    return [said, ...refused.map(refusalText)].map(safeText).join('\n');
  });
}

function previews(changes: readonly FileChange[]): string {
  return changes
    .map(({ preview }) => preview.trimEnd())
    .filter((text) => text !== '')
    .join('\n');
}

function linkText({ client, address, state, server }: Link): string {
  const what = state === 'managed' ? `runs through MCPVault as “${server.name}”` : 'is what it was';
  return `${safeLine(address.name)} of ${client} ${what}.`;
}

function refusalText({ client, server, reason }: Refusal): string {
  return `Left alone: ${safeLine(server)} of ${client}: ${safeLine(reason)}.`;
}
