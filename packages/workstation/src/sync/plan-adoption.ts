// Which entries a person means, which of them can be adopted, and which server stands behind each.
import type { DialectName } from '../catalogue/dialects.ts';
import type { Files } from '../machine/machine.ts';
import { memberOf, nodeAt } from '../reading/config-tree.ts';
import { largestConfig } from '../reading/read-config.ts';
import { entriesOf, type Launch, type ServerEntry } from '../reading/server-entry.ts';
import type { Scan, ScannedConfig } from '../scanning/scan.ts';
import { bridgedServer } from '../scanning/server-kind.ts';
import { nextState } from './link-states.ts';
import { definitionOf, type LocalServer, serverFor } from './local-servers.ts';
import { openForEditing, type Refusal } from './push-links.ts';
import { needsClient } from './references.ts';
import { isSameLink, type Link, type WorkstationState } from './workstation-store.ts';

export interface AdoptionWish {
  /** What clients call the servers; all unmanaged ones where empty. */
  readonly names: readonly string[];
  /** A server of the hub that stands behind the entry; a local server is made of the entry where left out. */
  readonly to?: string;
  /** Program and first arguments that start this command line; `bridge NAME` is added. */
  readonly bridge: readonly string[];
}

export interface AdoptionPlan {
  readonly links: readonly Link[];
  readonly servers: readonly LocalServer[];
  readonly refused: readonly Refusal[];
}

export async function planAdoption(
  { clients }: Scan,
  wish: AdoptionWish,
  state: WorkstationState,
  files: Files,
  now: number,
): Promise<AdoptionPlan> {
  const links: Link[] = [];
  const refused: Refusal[] = [];
  let servers = state.servers;
  const ofHub = state.links.filter(({ server }) => !server.isLocal).map(({ server }) => server.name);
  for (const config of clients) {
    const wanted = config.servers.filter(({ name }) => wish.names.length === 0 || wish.names.includes(name));
    if (wanted.length === 0 || config.dialect === null || config.pointer === null || config.format === 'opaque')
      continue;
    const { dialect, format } = config;
    const opened = openForEditing(await files.read(config.path, largestConfig), format);
    for (const { name } of wanted) {
      const refuse = (reason: string): void => {
        refused.push({ client: config.client, path: config.path, server: name, reason });
      };
      if (!config.writable || typeof opened === 'string') {
        refuse(typeof opened === 'string' ? opened : 'its file belongs to an administrator or to the client itself');
        continue;
      }
      const container = keysOf(config.pointer);
      const entry = entryNamed(name, opened.tree.root, container, dialect);
      // Everything was asked for, and this one is through the bridge already.
      if (bridgedServer(entry?.launch) !== undefined && wish.names.length === 0) continue;
      const target = targetOf(entry, wish, servers, ofHub);
      if (typeof target === 'string') {
        if (wish.names.length > 0 || entry?.launch !== undefined) refuse(target);
        continue;
      }
      if (target.local !== undefined && !servers.includes(target.local)) servers = [...servers, target.local];
      const link = linkOf(config, { container, name, dialect }, format, target, wish, now);
      const twin = [...state.links, ...links].find((each) => isTwin(each, link));
      if (twin !== undefined)
        refuse(`it is the same server as “${twin.address.name}”, which this file has already; remove one of them`);
      else links.push(link);
    }
  }
  const used = servers.filter(
    (server) => state.servers.includes(server) || links.some(({ server: { name } }) => name === server.name),
  );
  return { links, servers: used, refused };
}

/** A file must not get the same server under two names. */
function isTwin(one: Link, other: Link): boolean {
  const isActive = one.state === 'managed' || one.state === 'pending-adopt';
  const isSameServer = one.server.name === other.server.name && one.server.isLocal === other.server.isLocal;
  const isSameContainer = JSON.stringify(one.address.container) === JSON.stringify(other.address.container);
  return isActive && one.path === other.path && isSameContainer && isSameServer && !isSameLink(one, other);
}

interface Target {
  readonly name: string;
  readonly local?: LocalServer;
}

function targetOf(
  entry: ServerEntry | undefined,
  { to }: AdoptionWish,
  servers: readonly LocalServer[],
  ofHub: readonly string[],
): Target | string {
  const launch = entry?.launch;
  if (entry === undefined || launch === undefined)
    return entry?.why ?? 'it is nothing that a client starts or connects to';
  if (bridgedServer(launch) !== undefined) return 'it runs the bridge already';
  if (to !== undefined) {
    const isTaken = servers.some(({ name }) => name === to);
    return isTaken
      ? `a server of this computer is called “${to}” as well; the bridge could not tell them apart`
      : { name: to };
  }
  const local = localTarget(entry, launch, servers, ofHub);
  return typeof local === 'string' ? local : { name: local.name, local };
}

function localTarget(
  entry: ServerEntry,
  launch: Launch,
  servers: readonly LocalServer[],
  ofHub: readonly string[],
): LocalServer | string {
  const reason = launch.kind === 'url' ? remoteReason(entry, launch) : commandReason(launch);
  if (reason !== undefined) return reason;
  return serverFor(definitionOf(launch, needsClient), entry.name, servers, ofHub);
}

function commandReason({ command, args }: Extract<Launch, { kind: 'command' }>): string | undefined {
  const isUnclear = [command, ...args].some(needsClient);
  return isUnclear ? 'its command refers to what only the client knows, such as the open folder' : undefined;
}

const signInHeader = /authorization|api-?key|token|secret|cookie|credential|(?:^|[-_])key$/i;
/** Settings by which a client signs in by itself. */
const signInMembers = [
  ...['oauth', 'auth', 'oauthClient', 'oauthClientId', 'headersHelper', 'authProviderType', 'apiKey'],
  ...['bearer_token', 'bearer_token_env_var', 'env_http_headers', 'oauth_resource'],
];

/** The bridge signs in with what stands in the headers; a sign-in of the client’s own, in its browser, cannot be taken over. */
function remoteReason(
  { transport, node }: ServerEntry,
  { url, headers }: Extract<Launch, { kind: 'url' }>,
): string | undefined {
  const throughHub = 'add it to a hub with “mcpvault servers add”, then adopt it with --to NAME';
  if (transport !== 'http' || !URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    return `it is remote, and not over plain Streamable HTTP: ${throughHub}`;
  }
  if ([url, ...Object.values(headers)].some(needsClient)) return 'its address refers to what only the client knows';
  const isOwn = signInMembers.some((key) => memberOf(node, key) !== undefined);
  const signsIn = !isOwn && Object.keys(headers).some((name) => signInHeader.test(name));
  return signsIn ? undefined : `it is remote, and the client may sign in to it by itself: ${throughHub}`;
}

function linkOf(
  { client, scope, path }: ScannedConfig,
  address: Link['address'],
  format: Link['format'],
  target: Target,
  wish: AdoptionWish,
  now: number,
): Link {
  const [command = 'mcpvault', ...first] = wish.bridge;
  const planned = nextState('unmanaged', 'plan-adopt');
  return {
    ...{ client, scope, path, format, address },
    state: planned === 'refused' ? 'unmanaged' : planned,
    server: { name: target.name, isLocal: target.local !== undefined },
    bridge: { command, args: [...first, 'bridge', target.name] },
    undo: null,
    since: now,
  };
}

function entryNamed(
  name: string,
  root: Parameters<typeof nodeAt>[0],
  container: readonly string[],
  dialect: DialectName,
): ServerEntry | undefined {
  const node = nodeAt(root, container);
  return node === undefined
    ? undefined
    : entriesOf({ path: container, node }, dialect).find((each) => each.name === name);
}

function keysOf(pointer: string): readonly string[] {
  return pointer
    .split('/')
    .slice(1)
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
}
