// A home folder on the real disk, with everything a workstation needs to change files in it.
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import type { Machine } from '../machine/machine.ts';
import { createNodeFiles } from '../machine/node-files.ts';
import { type Scan, scan } from '../scanning/scan.ts';
import { nothingManaged } from '../scanning/server-kind.ts';
import { createConfigWriter } from '../sync/config-writer.ts';
import { nextState } from '../sync/link-states.ts';
import { type AdoptionPlan, planAdoption } from '../sync/plan-adoption.ts';
import { type FileChange, planFiles, pushFile, type PushDeps, type PushOptions, remember } from '../sync/push-links.ts';
import { createWorkstationStore } from '../sync/workstation-store.ts';

export interface RealHome extends PushDeps, AsyncDisposable {
  readonly machine: Machine;
  path(name: string): string;
  write(name: string, text: string | Uint8Array): Promise<string>;
  read(name: string): Promise<string>;
  look(projects?: readonly string[]): Promise<Scan>;
  /** Plans and writes. */
  adopt(
    names?: readonly string[],
    options?: { readonly to?: string; readonly projects?: readonly string[] },
  ): Promise<AdoptionPlan>;
  revert(names?: readonly string[], options?: PushOptions): Promise<readonly FileChange[]>;
}

export async function realHome(): Promise<RealHome> {
  const home = await mkdtemp(join(tmpdir(), 'mcpvault-home-'));
  let marks = 0;
  const clock = {
    now: () => new Date().getTime(),
    sleep: (ms: number) => setTimeout(ms),
    mark: () => {
      marks += 1;
      return `${process.pid}-${marks}`;
    },
  };
  const files = createNodeFiles('linux');
  const machine: Machine = { platform: 'linux', home, env: {}, files };
  const store = createWorkstationStore(join(home, '.config', 'mcpvault', 'workstation.json'), clock);
  const deps: PushDeps = { files, writer: createConfigWriter(clock), store, now: clock.now };
  const path = (name: string): string => join(home, name);
  const look = (projects: readonly string[] = []): Promise<Scan> =>
    scan({ machine, managed: nothingManaged, projects: projects.map(path) });
  return {
    ...deps,
    machine,
    path,
    look,
    write: async (name, text) => {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), text);
      return path(name);
    },
    read: (name) => readFile(path(name), 'utf8'),
    adopt: async (names = [], { to, projects } = {}) => {
      const wish = { names, bridge: ['/opt/mcpvault'], ...(to === undefined ? {} : { to }) };
      const plan = await planAdoption(await look(projects), wish, await store.read(), files, deps.now());
      await store.update(async (state) => ({
        state: { ...state, servers: plan.servers, links: [...state.links, ...plan.links] },
        result: undefined,
      }));
      for (const change of await planFiles(plan.links, files, deps.now())) await pushFile(change, deps);
      return plan;
    },
    revert: async (names = [], options = {}) => {
      const { links } = await store.read();
      const chosen = links.filter(({ address }) => names.length === 0 || names.includes(address.name));
      const planned = chosen.flatMap((link) => {
        const state = nextState(link.state, 'plan-revert');
        return state === 'refused' ? [] : [{ ...link, state }];
      });
      await remember(store, planned);
      const done: FileChange[] = [];
      for (const change of await planFiles(planned, files, deps.now(), options))
        done.push(await pushFile(change, deps, options));
      return done;
    },
    [Symbol.asyncDispose]: () => rm(home, { recursive: true, force: true }),
  };
}
