// From planned links to new bytes of files, and onto the disk. The same computation makes the preview and the write, and is
// made again when a client has written in between: a plan is about entries, never about a file as it once was.
import { Failure } from '@mcpvault/domain/failure';
import { createTwoFilesPatch } from 'diff';
import { UneditableConfig } from '../editing/edit-document.ts';
import { locateEntry } from '../editing/entry-address.ts';
import { restoreEntry } from '../editing/restore-entry.ts';
import { rewriteEntry } from '../editing/rewrite-entry.ts';
import type { FileContent, Files } from '../machine/machine.ts';
import { type ConfigNode, MalformedConfig, nodeAt } from '../reading/config-tree.ts';
import { encodeConfig } from '../reading/decode.ts';
import {
  type ConfigDocument,
  configStates,
  duplicatesTouching,
  largestConfig,
  readConfig,
} from '../reading/read-config.ts';
import type { ReadableFormat } from '../reading/read-tree.ts';
import { plainSecrets } from '../scanning/plain-secrets.ts';
import { hidden } from '../scanning/shown.ts';
import type { ConfigWriter } from './config-writer.ts';
import { isPending, nextState } from './link-states.ts';
import { needsClient } from './references.ts';
import { isSameLink, type Link, type WorkstationStore } from './workstation-store.ts';

export interface FileChange {
  readonly path: string;
  readonly before: Uint8Array;
  readonly after: Uint8Array;
  /** Unified difference for people; secrets in it are hidden. Empty when nothing changes. */
  readonly preview: string;
  /** As they will be once it is written. */
  readonly links: readonly Link[];
  readonly refused: readonly Refusal[];
}

export interface Refusal {
  readonly client: string;
  readonly path: string;
  readonly server: string;
  readonly reason: string;
}

export interface PushOptions {
  /** Puts back even what somebody else has changed since. */
  readonly force?: boolean;
}

/** What pending links would do to their files. Writes nothing. */
export async function planFiles(
  links: readonly Link[],
  files: Files,
  now: number,
  options: PushOptions = {},
): Promise<readonly FileChange[]> {
  const changes: FileChange[] = [];
  for (const [path, ofFile] of Map.groupBy(
    links.filter(({ state }) => isPending(state)),
    (link) => link.path,
  )) {
    changes.push(planFile(path, ofFile, await files.read(path, largestConfig), now, options));
  }
  return changes;
}

export interface PushDeps {
  readonly files: Files;
  readonly writer: ConfigWriter;
  readonly store: WorkstationStore;
  readonly now: () => number;
}

const mostTries = 5;

/** Writes one planned file. The way back is remembered before the file is touched. */
export async function pushFile(planned: FileChange, deps: PushDeps, options: PushOptions = {}): Promise<FileChange> {
  let change = planned;
  for (let tries = 0; tries < mostTries; tries += 1) {
    if (change.links.length === 0) return change;
    await remember(
      deps.store,
      change.links.map((link) => ({ ...link, state: pendingBefore(link) })),
    );
    const isSame = Buffer.from(change.before).equals(change.after);
    const outcome = isSame ? 'written' : await deps.writer.replace(change.path, change.before, change.after);
    if (outcome === 'written') {
      await remember(deps.store, change.links);
      return change;
    }
    const again = change.links.map((link) => ({ ...link, state: pendingBefore(link) }));
    change = planFile(change.path, again, await deps.files.read(change.path, largestConfig), deps.now(), options);
  }
  throw new Failure('busy', `${planned.path} changes faster than it can be written; close the client and try again.`);
}

function pendingBefore({ state }: Link): Link['state'] {
  return state === 'managed' ? 'pending-adopt' : 'pending-revert';
}

export async function remember(store: WorkstationStore, links: readonly Link[]): Promise<void> {
  await store.update(async (state) => {
    const others = state.links.filter((link) => !links.some((each) => isSameLink(each, link)));
    // What a client uses directly needs no memory.
    const kept = [...others, ...links.filter((link) => link.state !== 'unmanaged')];
    const servers = state.servers.filter(({ name }) =>
      kept.some(({ server }) => server.isLocal && server.name === name),
    );
    return { state: { ...state, servers, links: kept }, result: undefined };
  });
}

function planFile(
  path: string,
  links: readonly Link[],
  content: FileContent,
  now: number,
  options: PushOptions,
): FileChange {
  const before = content.state === 'read' ? content.bytes : new Uint8Array();
  const refused: Refusal[] = [];
  const done: Link[] = [];
  const refuse = (link: Link, reason: string): void => {
    refused.push({ client: link.client, path, server: link.address.name, reason });
  };
  let document: ConfigDocument | undefined;
  for (const link of links) {
    const opened = document ?? openForEditing(content, link.format);
    if (typeof opened === 'string') {
      refuse(link, opened);
      continue;
    }
    try {
      const { document: next, link: after } = applyLink(opened, link, now, options);
      document = next;
      done.push(after);
    } catch (error) {
      if (!(error instanceof UneditableConfig) && !(error instanceof MalformedConfig)) throw error;
      document = opened;
      refuse(
        link,
        error instanceof MalformedConfig ? 'its file would no longer be readable afterwards' : error.message,
      );
    }
  }
  const after = document === undefined ? before : encodeConfig(document.text, document.hasBom);
  return { path, before, after, preview: previewOf(path, before, document, links), links: done, refused };
}

/** The document, or why it may not be touched. */
export function openForEditing(content: FileContent, format: ReadableFormat): ConfigDocument | string {
  const { state, document } = readConfig(content, format);
  if (state !== 'ok' || document === undefined) return configStates[state];
  return document;
}

function applyLink(document: ConfigDocument, link: Link, now: number, { force }: PushOptions) {
  const { address, bridge, undo } = link;
  const container = nodeAt(document.tree.root, address.container);
  if (
    container !== undefined &&
    duplicatesTouching(document.tree, { path: address.container, node: container }).length > 0
  ) {
    throw new UneditableConfig(configStates['duplicate-keys']);
  }
  const state = nextState(link.state, 'push');
  if (state === 'refused') throw new UneditableConfig('nothing is planned for it');
  if (link.state === 'pending-adopt') {
    const keeps = link.server.isLocal ? needsClient : () => false;
    const rewrite = rewriteEntry(document, address, bridge, keeps);
    return { document: rewrite.document, link: { ...link, state, since: now, undo: rewrite.undo ?? undo } };
  }
  if (undo === null) throw new UneditableConfig('how it was before is not known');
  const restored = restoreEntry(document, address, undo, force === true ? { force } : {});
  return { document: restored.document, link: { ...link, state, since: now } };
}

function previewOf(
  path: string,
  before: Uint8Array,
  document: ConfigDocument | undefined,
  links: readonly Link[],
): string {
  if (document === undefined) return '';
  const [first] = links;
  const old = readConfig({ state: 'read', bytes: before }, document.format).document;
  if (old === undefined || first === undefined || old.text === document.text) return '';
  const whole = createTwoFilesPatch(path, path, old.text, document.text, '', '', { context: 2 });
  const patch = whole.slice(whole.indexOf('--- '));
  const secrets = new Set<string>();
  for (const { tree, text } of [old, document]) {
    for (const { address } of links) {
      const entry = locateEntry(tree.root, address);
      if (entry !== undefined) for (const secret of secretTexts(entry.node, text)) secrets.add(secret);
    }
  }
  const longestFirst = [...secrets].toSorted((a, b) => b.length - a.length);
  return longestFirst.reduce((shown, secret) => shown.replaceAll(secret, hidden), patch);
}

/** Secrets of an entry as they are written, quotes left out. */
function secretTexts(entry: ConfigNode, text: string): readonly string[] {
  return plainSecrets(entry).flatMap(({ pointer }) => {
    const keys = pointer
      .split('/')
      .slice(1)
      .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
    const node = keys.reduce<ConfigNode | undefined>((at, key) => {
      if (at?.kind === 'list') return at.items[Number(key)];
      return at === undefined ? undefined : nodeAt(at, [key]);
    }, entry);
    if (node?.kind !== 'scalar') return [];
    const written = text.slice(node.start, node.end).replace(/^["']+|["']+$/g, '');
    return written.length < 3 ? [] : [written];
  });
}
