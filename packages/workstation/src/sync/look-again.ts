// Compares what is remembered with what clients' files say by now. The files win.
import { locateEntry } from '../editing/entry-address.ts';
import { conditionOf } from '../editing/restore-entry.ts';
import type { Files } from '../machine/machine.ts';
import { nodeAt } from '../reading/config-tree.ts';
import { largestConfig, readConfig } from '../reading/read-config.ts';
import { entriesOf } from '../reading/server-entry.ts';
import { bridgedServer } from '../scanning/server-kind.ts';
import { type LinkEvent, nextState } from './link-states.ts';
import type { Link } from './workstation-store.ts';

/** What is found for a link; undefined where its file cannot be read, which says nothing. */
export async function lookAt(link: Link, files: Files): Promise<LinkEvent | undefined> {
  const { state, document } = readConfig(await files.read(link.path, largestConfig), link.format);
  if (state === 'absent') return 'found-absent';
  if (document === undefined) return state === 'empty' ? 'found-absent' : undefined;
  const entry = locateEntry(document.tree.root, link.address);
  if (entry === undefined) return 'found-absent';
  if (link.undo !== null) {
    const condition = conditionOf(entry, link.undo, link.address);
    if (condition === 'changed') return 'found-other';
    return condition === 'as-written' ? 'found-bridged' : 'found-direct';
  }
  const container = nodeAt(document.tree.root, link.address.container);
  const entries =
    container === undefined ? [] : entriesOf({ path: link.address.container, node: container }, link.address.dialect);
  const launch = entries.find(({ name }) => name === link.address.name)?.launch;
  return bridgedServer(launch) === link.server.name ? 'found-bridged' : 'found-direct';
}

/** The link as it is by what was found. Plans are lost: the caller has asked before. */
export function afterLooking(link: Link, event: LinkEvent | undefined, now: number): Link {
  if (event === undefined) return link;
  const state = nextState(link.state, event);
  return state === 'refused' || state === link.state ? link : { ...link, state, since: now };
}
