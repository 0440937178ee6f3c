// What the page of this computer shows, gathered from what lies on the disk.
import { journalKey } from '@mcpvault/workstation/keys/journal-key';
import { createLocalSealer } from '@mcpvault/workstation/records/local-sealer';
import { findJournals, JournalReader } from '@mcpvault/workstation/records/read-journals';
import { type OpenedRecord, openBlock } from '@mcpvault/workstation/records/record-items';
import { planFiles } from '@mcpvault/workstation/sync/push-links';
import { ambientOf } from '../ambient-of.ts';
import { thisWorkstation } from '../commands/workstation/this-workstation.ts';
import type { Io } from '../io.ts';
import { jobsOf } from './jobs-of.ts';
import { stateReport } from './state-report.ts';
import { stateOf, vaultFor } from './state-of.ts';

const mostMessages = 200;

export async function pageState(io: Io): Promise<unknown> {
  const { enrolment, journals } = await stateReport(io);
  const push = thisWorkstation(io);
  const { links } = await push.store.read();
  const changes = await planFiles(links, push.files, push.now());
  const jobs = (await jobsOf(io).all()).filter(
    ({ outcome, asks, consent }) => outcome === null && asks && consent === null,
  );
  return {
    summary:
      enrolment === null
        ? `This computer belongs to no hub. ${journals.waiting} messages lie here.`
        : `This computer is ${enrolment.workstation} of ${enrolment.organization.name}, at ${enrolment.hub}. ${journals.waiting} messages wait to be told.`,
    jobs: jobs.map(({ job: { id, kind, input, reason, requestedBy } }) => ({ id, kind, input, reason, requestedBy })),
    links: links.map(({ client, path, address, state, server }) => ({
      client,
      path,
      name: address.name,
      state,
      server: server.name,
    })),
    changes: changes.map(({ path, preview }) => ({ path, preview })),
    messages: (await newestMessages(io)).map(shown),
    told: Object.entries(enrolment?.about ?? {}).map(([name, value]) => ({
      name,
      value: Array.isArray(value) ? value.join(', ') : String(value),
    })),
  };
}

/** Those that lie here still; without what they say. */
async function newestMessages(io: Io): Promise<readonly OpenedRecord[]> {
  const state = stateOf(io);
  const { random } = ambientOf(io);
  const key = await journalKey(await vaultFor(io), { ...io.clock, random, folder: state.path });
  const sealer = createLocalSealer(key, random);
  const found: OpenedRecord[] = [];
  for (const journal of await findJournals(state.journals)) {
    const blocks = await new JournalReader().after(journal, 0);
    for (const block of blocks.slice(-mostMessages)) found.push(...openBlock(block, sealer));
  }
  return found.toSorted((a, b) => b.record.at - a.record.at).slice(0, mostMessages);
}

function shown({ record }: OpenedRecord) {
  const { at, client, serverName, method, target, outcome, reason, requestEdits, responseEdits, judged } = record;
  const alerts = [...(judged?.call?.alerts ?? []), ...(judged?.result?.alerts ?? [])];
  return {
    ...{ at, client, method, target, outcome, reason, server: serverName },
    edits: [...requestEdits, ...responseEdits].map((edit) => `${edit.layer}: ${edit.reason}`),
    alerts: alerts.map(({ title }) => title),
  };
}
