// What a computer says of itself when it is enrolled. The person sees all of it before it is sent.
import { join } from 'node:path';
import { hostname, networkInterfaces, release, userInfo } from 'node:os';
import type { Random } from '@mcpvault/domain/ambient';
import type { AboutWorkstation } from '@mcpvault/protocol/hub-link/enrolment';
import type { Platform } from '../catalogue/client.ts';
import { readJson, writeJson } from '../state/json-file.ts';
import type { StateFolder } from '../state/state-folder.ts';

export interface DescribeDeps {
  readonly platform: Platform;
  readonly architecture: string;
  readonly agentVersion: string;
  readonly state: StateFolder;
  readonly random: Random;
}

const features = ['records', 'reports', 'bundles', 'jobs', 'jobs.remediate', 'local-policies'];

/** `name`: as the person calls it; the computer's own where left out. */
export async function describeComputer(deps: DescribeDeps, name: string | undefined): Promise<AboutWorkstation> {
  const host = hostname().slice(0, 255);
  return {
    name: (name ?? host).slice(0, 200) || 'workstation',
    hostName: host,
    platform: deps.platform,
    osVersion: release().slice(0, 100),
    architecture: deps.architecture.slice(0, 50),
    agentVersion: deps.agentVersion.slice(0, 50),
    machine: await machineId(deps),
    account: accountName().slice(0, 255),
    timeZone: Intl.DateTimeFormat().resolvedOptions().timeZone.slice(0, 100),
    addresses: Object.values(networkInterfaces())
      .flatMap((several) => several ?? [])
      .filter(({ internal }) => !internal)
      .map(({ address }) => address.slice(0, 45))
      .slice(0, 32),
    features,
  };
}

/** Random, and the same for as long as this account's folder is there: it tells nothing but that it is the same. */
async function machineId({ state, random }: DescribeDeps): Promise<string> {
  const path = join(state.path, 'machine.json');
  const kept = (await readJson(path)) as { readonly id?: unknown } | undefined;
  if (typeof kept?.id === 'string') return kept.id;
  const id = Buffer.from(random.bytes(24)).toString('base64url');
  await writeJson(path, { id });
  return id;
}

/** Accounts of containers may have no name. */
function accountName(): string {
  try {
    return userInfo().username;
  } catch {
    return '';
  }
}
