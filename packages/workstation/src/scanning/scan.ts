// Looks through the configs of all clients and says what is there. A scan writes nothing, starts nothing and asks nobody; it
// reads the files that clients read, and no other.
import type { Client, Confidence, ConfigFormat, ConfigLocation } from '../catalogue/client.ts';
import { clients as allClients } from '../catalogue/clients.ts';
import type { DialectName } from '../catalogue/dialects.ts';
import { isInstalled, locateConfigs, type Placed } from '../catalogue/locate-configs.ts';
import { isPolicyFile, meaningOf } from '../catalogue/located-file.ts';
import type { Machine } from '../machine/machine.ts';
import { pointerTo } from '../reading/config-tree.ts';
import {
  type ConfigState,
  configStates,
  type Container,
  duplicatesTouching,
  findContainers,
  largestConfig,
  type ReadConfig,
  readConfig,
} from '../reading/read-config.ts';
import { entriesOf, type ServerEntry } from '../reading/server-entry.ts';
import { findProjects } from './find-projects.ts';
import { finding, type ScanFinding } from './finding.ts';
import { type JudgedServer, judgeServer, type ScannedServer } from './judge-server.ts';
import { relationFindings } from './relations.ts';
import type { ManagedServers } from './server-kind.ts';

export interface Scan {
  readonly clients: readonly ScannedConfig[];
}

/** One container of servers in one file, or a file without any. */
export interface ScannedConfig {
  /** The client that reads it; the first installed one where several do. */
  readonly client: string;
  readonly name: string;
  readonly alsoReadBy: readonly string[];
  readonly scope: string;
  readonly path: string;
  readonly project: string | null;
  /** Where in the file the servers stand, as JSON pointer. */
  readonly pointer: string | null;
  readonly state: ConfigState;
  /** What the state says, and where the file is wrong. */
  readonly explanation: string;
  readonly format: ConfigFormat;
  /** How the client spells a server there; null where none is. */
  readonly dialect: DialectName | null;
  readonly confidence: Confidence;
  /** Whether the member may change it. */
  readonly writable: boolean;
  readonly servers: readonly ScannedServer[];
  readonly findings: readonly ScanFinding[];
}

export interface ScanOptions {
  readonly machine: Machine;
  readonly managed: ManagedServers;
  /** Roots of projects to look into, beside those that clients remember. */
  readonly projects?: readonly string[];
  /** Only these clients, by id. */
  readonly clients?: readonly string[];
  /** Whether clients that are installed and have no file are told too. */
  readonly withAbsent?: boolean;
  /** Whether to look into the projects that clients remember; yes, where left out. */
  readonly findsProjects?: boolean;
}

export async function scan(options: ScanOptions): Promise<Scan> {
  const { machine } = options;
  const remembered = options.findsProjects === false ? [] : await findProjects(machine);
  const projects = [...new Set([...(options.projects ?? []), ...remembered])];
  const chosen = allClients.filter(({ id }) => options.clients === undefined || options.clients.includes(id));
  const installed = new Map<string, boolean>();
  for (const client of chosen) installed.set(client.id, await isInstalled(client, machine));
  const places = await placesOf(chosen, installed, machine, projects);
  const scanned: ScannedConfig[] = [];
  for (const [path, readers] of places) {
    const isOfInstalled = readers.some(({ client }) => installed.get(client.id));
    const configs = await scanPath(path, readers, options);
    const shown = configs.filter(({ state }) => state !== 'absent' || (options.withAbsent === true && isOfInstalled));
    scanned.push(...shown);
  }
  for (const client of chosen) {
    if (client.elsewhere && installed.get(client.id)) scanned.push(notInspectable(client));
  }
  return { clients: withRelations(scanned) };
}

/** One file, read as the given client reads it. */
export async function scanFile(path: string, client: Client, options: ScanOptions): Promise<Scan> {
  const { format, locations } = meaningOf(path, client, options.machine.platform);
  const read = readConfig(await options.machine.files.read(path, largestConfig), format);
  const readers = isPolicyFile(path) ? [] : locations.map((location): Reader => ({ client, location, path }));
  const first: Reader = readers[0] ?? { client, location: anyLocation(client), path };
  const found = readers.flatMap((reader) => containersOf(reader, read, true));
  const seen = new Set<string>();
  const once = found.filter(({ container: { path: at } }) => !seen.has(pointerTo(at)) && seen.add(pointerTo(at)));
  const scanned = once.length === 0 ? [without(first, read)] : once.map((each) => describe(each, read, options));
  return { clients: withRelations(scanned) };
}

function anyLocation(client: Client): ConfigLocation {
  const [location] = client.locations;
  return location ?? { scope: 'user', path: [], format: 'json', confidence: 'low', sources: [] };
}

interface Reader extends Placed {
  readonly client: Client;
  readonly location: ConfigLocation;
}

/** By path, in the catalogue's order; readers that are installed first. */
async function placesOf(
  clients: readonly Client[],
  installed: ReadonlyMap<string, boolean>,
  machine: Machine,
  projects: readonly string[],
): Promise<ReadonlyMap<string, readonly Reader[]>> {
  const places = new Map<string, Reader[]>();
  const ordered = clients.toSorted((a, b) => Number(installed.get(b.id)) - Number(installed.get(a.id)));
  for (const client of ordered) {
    for (const location of client.locations) {
      for (const placed of await locateConfigs(location, machine, projects)) {
        const readers = places.get(placed.path) ?? [];
        readers.push({ client, location, ...placed });
        places.set(placed.path, readers);
      }
    }
  }
  return places;
}

async function scanPath(path: string, readers: readonly Reader[], options: ScanOptions): Promise<ScannedConfig[]> {
  const content = await options.machine.files.read(path, largestConfig);
  const found = new Map<string, Found>();
  const empty = new Map<string, ScannedConfig>();
  const readAs = new Map<ConfigFormat, ReadConfig>();
  for (const reader of readers) {
    const { format } = reader.location;
    const read = readAs.get(format) ?? readConfig(content, format);
    readAs.set(format, read);
    const containers = containersOf(reader, read, isServersFile(reader.location));
    for (const each of containers) {
      const key = pointerTo(each.container.path);
      const before = found.get(key);
      if (before === undefined) found.set(key, { ...each, read, others: [] });
      else if (before.reader.client !== reader.client) before.others.push(reader.client.id);
    }
    if (containers.length === 0 && empty.size === 0) empty.set(path, without(reader, read));
  }
  if (found.size === 0) return [...empty.values()];
  return [...found.values()].map((each) => describe(each, each.read, options, each.others));
}

interface FoundContainer {
  readonly reader: Reader;
  readonly container: Container;
  readonly dialect: DialectName;
}

interface Found extends FoundContainer {
  readonly read: ReadConfig;
  readonly others: string[];
}

/** A file that holds servers and nothing else may hold them under any of the usual keys. */
function isServersFile({ path, pointer }: ConfigLocation): boolean {
  const name = JSON.stringify(path);
  return pointer?.length === 0 || /mcp[\w.-]*\.json|\.mcp\.json|mcpServers\//.test(name);
}

function containersOf(reader: Reader, { document }: ReadConfig, isServers: boolean): readonly FoundContainer[] {
  const { pointer, dialect } = reader.location;
  if (document === undefined || pointer === undefined || dialect === undefined) return [];
  const found = findContainers(document.tree.root, pointer, isServers);
  return found.containers.map((container) => ({ reader, container, dialect: found.dialect ?? dialect }));
}

function describe(
  { reader, container, dialect }: FoundContainer,
  read: ReadConfig,
  { machine, managed }: ScanOptions,
  others: readonly string[] = [],
): ScannedConfig {
  const entries = entriesOf(container, dialect);
  const judged = entries.map((entry) => judgeServer(entry, managed, machine.home));
  const state = stateOf(read, container, entries, dialect);
  const project = reader.location.scope === 'local' ? (container.path.at(-2) ?? null) : (reader.project ?? null);
  return {
    ...about(reader, state, read),
    alsoReadBy: [...new Set(others)],
    project,
    pointer: pointerTo(container.path),
    dialect,
    servers: judged.map(({ server }: JudgedServer) => server),
    findings: [...fileFindings(read, state, container), ...judged.flatMap(({ findings }) => findings)],
  };
}

function stateOf(
  read: ReadConfig,
  container: Container,
  entries: readonly ServerEntry[],
  dialect: DialectName,
): ConfigState {
  if (read.state !== 'ok' || read.document === undefined) return read.state;
  if (!isRightKind(container, dialect)) return 'wrong-container';
  if (duplicatesTouching(read.document.tree, container).length > 0) return 'duplicate-keys';
  return entries.length === 0 ? 'no-servers' : 'ok';
}

const listDialects: readonly DialectName[] = ['claude-desktop-managed', 'continue-yaml', 'vibe'];

function isRightKind({ node }: Container, dialect: DialectName): boolean {
  if (node.kind === 'scalar') return false;
  return node.kind === 'map' || listDialects.includes(dialect);
}

function without(reader: Reader, read: ReadConfig): ScannedConfig {
  const state = read.state === 'ok' ? 'no-servers' : read.state;
  const findings = fileFindings(read, state, undefined);
  return {
    ...about(reader, state, read),
    alsoReadBy: [],
    project: reader.project ?? null,
    pointer: null,
    servers: [],
    findings,
  };
}

function about({ client, location, path }: Reader, state: ConfigState, { problem, document }: Partial<ReadConfig>) {
  const { id, name } = client;
  const { scope, confidence, writes } = location;
  const format = document?.format ?? location.format;
  const explanation = problem === undefined ? configStates[state] : `${configStates[state]}: ${problem}`;
  return {
    client: id,
    name,
    scope,
    path,
    state,
    explanation,
    format,
    dialect: null,
    confidence,
    writable: writes === undefined,
  };
}

const quiet: readonly ConfigState[] = ['ok', 'absent', 'empty', 'no-servers', 'duplicate-keys'];

function fileFindings(
  { document, problem }: ReadConfig,
  state: ConfigState,
  container: Container | undefined,
): ScanFinding[] {
  const found: ScanFinding[] = [];
  if (!quiet.includes(state)) {
    const code = state === 'opaque' ? 'not-inspectable' : 'unreadable-config';
    found.push(
      finding(code, { place: '', kind: state, message: `The file cannot be judged: ${configStates[state]}.` }),
    );
  }
  if (state === 'duplicate-keys' && container === undefined) {
    found.push(finding('duplicate-key', { place: '', message: problem ?? 'A key is written twice.' }));
  }
  if (document === undefined || container === undefined) return found;
  for (const place of duplicatesTouching(document.tree, container)) {
    found.push(finding('duplicate-key', { place, message: 'A key is written twice.' }));
  }
  if (document.tree.isLenient) {
    const message = 'The file has comments or trailing commas, which its format does not have.';
    found.push(finding('lenient-syntax', { place: '', message }));
  }
  return found;
}

function notInspectable(client: Client): ScannedConfig {
  const message = `${client.name} is installed and keeps its servers where no file shows them.`;
  return {
    ...about({ client, location: anyLocation(client), path: '' }, 'opaque', {}),
    alsoReadBy: [],
    project: null,
    pointer: null,
    servers: [],
    findings: [finding('not-inspectable', { place: '', message })],
  };
}

/** Adds what only shows when all configs are seen together. */
function withRelations(scanned: readonly ScannedConfig[]): readonly ScannedConfig[] {
  const related = relationFindings(scanned);
  return scanned.map((config) => ({ ...config, findings: [...config.findings, ...(related.get(config) ?? [])] }));
}
