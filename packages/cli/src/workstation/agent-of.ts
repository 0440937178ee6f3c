// The agent of this account, put together.
import { stat } from 'node:fs/promises';
import { loadInjection } from '@mcpvault/hub/inspection/load-injection';
import { type Agent, createAgent } from '@mcpvault/workstation/agent/agent';
import type { AgentDiary } from '@mcpvault/workstation/agent/agent-diary';
import type { Enrolment } from '@mcpvault/workstation/enrolment/enrolment';
import { journalKey } from '@mcpvault/workstation/keys/journal-key';
import { createForwarder } from '@mcpvault/workstation/records/forwarder';
import { createLocalSealer } from '@mcpvault/workstation/records/local-sealer';
import { readBundle } from '@mcpvault/workstation/govern/held-bundle';
import { scan } from '@mcpvault/workstation/scanning/scan';
import type { ManagedServers } from '@mcpvault/workstation/scanning/server-kind';
import { ambientOf } from '../ambient-of.ts';
import { thisMachine } from '../commands/workstation/this-machine.ts';
import { thisWorkstation } from '../commands/workstation/this-workstation.ts';
import type { Io } from '../io.ts';
import { version } from '../version.ts';
import { jobsOf } from './jobs-of.ts';
import { linkOf } from './link-of.ts';
import { ownPolicies } from './own-policies.ts';
import { stateOf, vaultFor } from './state-of.ts';

export async function agentOf(io: Io, enrolment: Enrolment, diary: AgentDiary): Promise<Agent> {
  const state = stateOf(io);
  const ambient = ambientOf(io);
  const machine = thisMachine(io);
  const push = thisWorkstation(io);
  const link = await linkOf(io, enrolment.hub);
  const key = await journalKey(await vaultFor(io), { ...io.clock, random: ambient.random, folder: state.path });
  const own = ownPolicies(io);
  const managed = async (): Promise<ManagedServers> => {
    const { servers } = await push.store.read();
    return {
      local: new Map(servers.map(({ name }) => [name, { isDelegated: false }])),
      hubs: [new URL(enrolment.hub).origin],
    };
  };
  // Read anew for each pass: what is told of messages is for the bundle to say.
  let told: 'originals' | 'outline' | 'none' = 'none';
  const forwarder = createForwarder({
    ...{ state, link, since: enrolment.since, now: io.clock.now, isRunning: io.machine.isRunning },
    sealer: createLocalSealer(key, ambient.random),
    tells: () => told,
  });
  const agent = createAgent({
    ...{ link, state, enrolment, diary, agentVersion: version },
    forwarder: {
      waiting: forwarder.waiting,
      async forward(signal) {
        const held = await readBundle(state.bundle, enrolment);
        // Until it is known what may be told, it waits.
        if (!('bundle' in held)) return 0;
        told = held.bundle.settings.messages;
        return forwarder.forward(signal);
      },
    },
    report: {
      ...{ machine, managed, agentVersion: version },
      nextId: () => ambient.ids.next('rep'),
      now: io.clock.now,
    },
    jobs: jobsOf(io),
    work: { push, bridge: io.machine.program, scan: async () => scan({ machine, managed: await managed() }) },
    scorer: loadInjection,
    async own() {
      const changedAt = await stat(own.path).then(
        ({ mtimeMs }) => mtimeMs,
        () => 0,
      );
      return { policies: await own.read(), changedAt };
    },
    clock: { now: io.clock.now, sleep: io.clock.sleep },
    random: io.random,
    trustsHub: io.env.MCPVAULT_JOBS === 'trusted',
  });
  return agent;
}
