// What passed on a workstation, taken into the record: each number of its journal once, in order, with the gaps noted.
import type { Ambient } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { MissingRange } from '@mcpvault/domain/workstation/workstation';
import type { Answers, Asks } from '@mcpvault/protocol/hub-link/link';
import type { RecordBatch } from '@mcpvault/protocol/hub-link/record-batch';
import { lostAction } from '@mcpvault/store/audit/audit-store';
import type { Database } from '@mcpvault/store/connect';
import { type Stores, within } from '@mcpvault/store/stores';
import { createWorkstationRecordsStore } from '@mcpvault/store/workstations/workstation-records-store';
import type { Catalog } from '../catalog/catalog-snapshot.ts';
import type { KnownVisit } from './desk.ts';
import { recordOf } from './recorded-message.ts';
import { readWorkstationSettings } from './workstation-settings.ts';

export type TakeRecords = (asked: Asks<'records'>, visit: KnownVisit) => Promise<Answers<'records'>>;

type Item = RecordBatch['items'][number];

export interface TakeRecordsDeps {
  readonly database: Database;
  readonly sealer: Sealer;
  readonly catalog: Pick<Catalog, 'servers'>;
  readonly ambient: Ambient;
  /** Once messages with alerts are stored; the alerts themselves are in the inbox then. */
  alerted(organization: OrganizationId): void;
  /** Once they are stored. */
  recorded(records: readonly MessageRecord[], visit: KnownVisit): void;
}

export function createTakeRecords({ database, sealer, catalog, ambient, ...deps }: TakeRecordsDeps): TakeRecords {
  return async ({ journal, items }, visit) => {
    demandOrder(items);
    const { workstation, member } = visit;
    const { id, organization } = workstation;
    const whose = { organization, workstation: id, journal };
    const now = ambient.clock.now();
    const { answer, added } = await within(database, organization, async (stores) => {
      const records = createWorkstationRecordsStore(stores.executor, ambient);
      const held = await records.hold(whose, now);
      const fresh = items.filter(({ sequence }) => sequence > held.position);
      const last = fresh.at(-1);
      if (last === undefined) return { answer: { stored: held.position, taken: 0, rejected: 0 }, added: [] };
      const { messages: setting } = await readWorkstationSettings(stores.settings, organization);
      const plain: Buffer[] = [];
      let length = 0;
      const recording = {
        ...{ member, now, withOriginals: setting === 'originals' },
        isServer: (server: string) => catalog.servers(organization).some(({ entry }) => entry.id === server),
        keep(original: Buffer) {
          plain.push(original);
          length += original.length;
          return { offset: length - original.length, length: original.length };
        },
      };
      const told = fresh.flatMap(({ item }) => (item.type === 'message' ? [item] : []));
      const made = setting === 'none' ? [] : told.map((message) => recordOf(message, recording));
      const good = made.filter((record) => record !== null);
      const block = ambient.ids.next('blk');
      const added =
        good.length === 0
          ? []
          : await records.add(
              whose,
              good,
              { id: block, ...sealer.seal(organization, block, Buffer.concat(plain)) },
              now,
            );
      const lost = fresh.reduce((sum, { item }) => sum + (item.type === 'lost' ? item.items : 0), 0);
      if (lost > 0) await noteLost(stores, visit, lost, now);
      const rejected = made.length - added.length;
      const taken = fresh.length - rejected;
      const missing = [...held.missing, ...missingBetween(held.position, fresh)];
      await records.advance(whose, { position: last.sequence, taken, rejected, lost, missing, at: now });
      return { answer: { stored: last.sequence, taken, rejected }, added };
    });
    if (added.length > 0) deps.recorded(added, visit);
    if (added.some(({ judged }) => judged?.call?.alerts ?? judged?.result?.alerts)) deps.alerted(organization);
    return answer;
  };

  /** A gap in the record is told in the log, wherever it arose. */
  function noteLost(stores: Stores, { workstation: { id, organization } }: KnownVisit, messages: number, at: number) {
    return stores.audit.append({
      ...{ id: ambient.ids.next('aud'), organization, at, actor: id, action: lostAction },
      ...{ subject: id, outcome: 'done', detail: { messages } },
    });
  }
}

function demandOrder(items: readonly Item[]): void {
  const inOrder = items.every(({ sequence }, index) => index === 0 || sequence > (items[index - 1]?.sequence ?? -1));
  if (!inOrder) throw new Failure('invalid_params', 'items: their numbers have to ascend.');
}

/** Numbers that should have come before these. */
function missingBetween(position: number, fresh: readonly Item[]): readonly MissingRange[] {
  const missing: MissingRange[] = [];
  let expected = position + 1;
  for (const { sequence } of fresh) {
    if (sequence > expected) missing.push({ from: expected, to: sequence - 1 });
    expected = sequence + 1;
  }
  return missing;
}
