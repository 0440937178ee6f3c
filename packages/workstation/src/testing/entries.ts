import type { ConfigDocument } from '../reading/read-config.ts';
import { findContainers, readConfig } from '../reading/read-config.ts';
import { entriesOf, type ServerEntry } from '../reading/server-entry.ts';
import { meaningOf } from '../catalogue/located-file.ts';
import type { EntryAddress } from '../editing/entry-address.ts';
import { bytesOf, clientOf, type Fixture, pathOf } from './fixtures.ts';

export interface AddressedEntry {
  readonly address: EntryAddress;
  readonly entry: ServerEntry;
}

/** A sample file as a document, with the entries that run something; undefined where it cannot be edited. */
export function editable(
  fixture: Fixture,
): { readonly document: ConfigDocument; readonly entries: readonly AddressedEntry[] } | undefined {
  const { format, locations } = meaningOf(pathOf(fixture), clientOf(fixture), 'linux');
  const { state, document } = readConfig({ state: 'read', bytes: bytesOf(fixture) }, format);
  if (state !== 'ok' || document === undefined || document.tree.duplicates.length > 0) return undefined;
  const entries = locations.flatMap(({ pointer = [], dialect = 'mcpServers-basic' }) =>
    findContainers(document.tree.root, pointer, pointer.length === 0).containers.flatMap((container) =>
      entriesOf(container, dialect)
        .filter(({ launch }) => launch !== undefined)
        .map((entry) => ({ address: { container: container.path, name: entry.name, dialect }, entry })),
    ),
  );
  const seen = new Set<string>();
  const once = entries.filter(({ entry }) => !seen.has(entry.pointer) && seen.add(entry.pointer));
  return { document, entries: once };
}
