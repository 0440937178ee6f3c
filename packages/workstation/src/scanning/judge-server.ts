// One entry of a client's config, judged: what it is, how it runs, and what strikes about it.
import { type ConfigNode, memberOf, pointerTo } from '../reading/config-tree.ts';
import type { Launch, ServerEntry, Transport } from '../reading/server-entry.ts';
import { finding, type ScanFinding } from './finding.ts';
import { type HowItRuns, howItRuns, type Runs } from './how-it-runs.ts';
import { lookAlikeHost, lookAlikeName, lookAlikePackage } from './look-alikes.ts';
import { type PlainSecret, plainSecrets } from './plain-secrets.ts';
import { bridgedServer, kindOf, type ManagedServers, type ServerKind } from './server-kind.ts';
import { shownUrl, shownWord, shownWords } from './shown.ts';

/** What a scan says of a server. Everything in it may be shown and sent: it holds no secret. */
export interface ScannedServer {
  readonly name: string;
  /** Where the entry stands in its file. */
  readonly pointer: string;
  readonly kind: ServerKind;
  readonly transport: Transport;
  readonly disabled: boolean;
  /** null for what cannot run by itself: built-ins, extensions, invalid entries. */
  readonly runs: Runs | null;
  readonly package: string | null;
  /** null where there is no package whose version could be named. */
  readonly pinned: boolean | null;
  /** The managed server it stands for. */
  readonly server: string | null;
  readonly command: string | null;
  readonly args: readonly string[] | null;
  readonly url: string | null;
  readonly cwd: string | null;
  readonly envNames: readonly string[];
  readonly headerNames: readonly string[];
}

export interface JudgedServer {
  readonly server: ScannedServer;
  readonly findings: readonly ScanFinding[];
}

export function judgeServer(entry: ServerEntry, managed: ManagedServers, home: string): JudgedServer {
  const { name, pointer, transport, launch, isDisabled } = entry;
  const isServer = transport !== 'builtin' && transport !== 'extension' && transport !== 'invalid';
  const secrets = plainSecrets(entry.node);
  const server = bridgedServer(launch) ?? null;
  const how = launch === undefined ? undefined : howItRuns(launch);
  const runs = server === null ? (how?.runs ?? null) : 'wrapped';
  const kind = kindOf(launch, managed);
  const scanned: ScannedServer = {
    name,
    pointer,
    kind,
    transport,
    disabled: isDisabled,
    runs: isServer ? runs : null,
    package: how?.package === undefined ? null : shownWord(how.package),
    pinned: how?.isPinned ?? null,
    server,
    ...shownLaunch(launch, secrets),
  };
  const found = [
    ...secretFindings(entry, secrets),
    ...(isServer && kind === 'unmanaged' ? [said('unmanaged', entry, 'is used directly, past every policy')] : []),
    ...(entry.why === undefined ? [] : [said('invalid-entry', entry, `cannot work: ${entry.why}`)]),
    ...disguises(entry, launch, how),
    ...containerFindings(entry, how, home),
    ...trust(entry),
  ];
  return { server: scanned, findings: found };
}

function shownLaunch(launch: Launch | undefined, secrets: readonly PlainSecret[]) {
  const nothing = { command: null, args: null, url: null, cwd: null, envNames: [], headerNames: [] };
  if (launch === undefined) return nothing;
  if (launch.kind === 'url') {
    return { ...nothing, url: shownUrl(launch.url), headerNames: Object.keys(launch.headers) };
  }
  const numbered = secrets.flatMap(({ pointer }) => /\/(?:args|command)\/(\d+)$/.exec(pointer)?.[1] ?? []);
  // Where the program stands first in the list, its arguments begin one later.
  const isArgv = secrets.some(({ pointer }) => /\/command\/\d+$/.test(pointer));
  const at = new Set(numbered.map((digits) => Number(digits) - (isArgv ? 1 : 0)));
  const shown = { command: shownWord(launch.command), args: shownWords(launch.args, at), cwd: launch.cwd ?? null };
  return { ...nothing, ...shown, envNames: Object.keys(launch.env) };
}

function said(code: Parameters<typeof finding>[0], entry: ServerEntry, what: string, place = ''): ScanFinding {
  const { name, pointer } = entry;
  return finding(code, { server: name, place: `${pointer}${place}`, message: `“${name}” ${what}.` });
}

function secretFindings(entry: ServerEntry, secrets: readonly PlainSecret[]): readonly ScanFinding[] {
  return secrets.map(({ pointer, kind, confidence }) => ({
    ...said('secret-in-plain-sight', entry, 'has a secret in plain sight', pointer),
    kind,
    confidence,
  }));
}

function disguises(entry: ServerEntry, launch: Launch | undefined, how: HowItRuns | undefined): readonly ScanFinding[] {
  const found: ScanFinding[] = [];
  const strange = lookAlikeName(entry.name);
  if (strange !== undefined) found.push(said('look-alike', entry, `may be made to be taken for another: ${strange}`));
  if (launch === undefined || how === undefined) return found;
  const url = launch.kind === 'url' ? launch.url : how.relaysTo;
  if (url !== undefined) found.push(...addressFindings(entry, url));
  if (how.relaysTo !== undefined)
    found.push(said('remote-in-disguise', entry, 'is a remote server behind a local program'));
  const hiding = how.wrappers.filter((wrapper) => wrapper !== 'cmd /c' && wrapper !== 'env');
  if (hiding.length > 0) found.push(said('hidden-in-shell', entry, `is started through ${hiding.join(', ')}`));
  if (how.isPinned === false) found.push(said('unpinned-package', entry, 'runs whatever version is newest on the day'));
  const near = how.package === undefined ? undefined : lookAlikePackage(how.package);
  if (near !== undefined) found.push(said('look-alike', entry, `may be made to be taken for another: ${near}`));
  if (runsCode(launch)) found.push(said('runs-code', entry, 'has a part that the client runs as code'));
  return found;
}

function addressFindings(entry: ServerEntry, url: string): readonly ScanFinding[] {
  const found: ScanFinding[] = [];
  const near = lookAlikeHost(url);
  if (near !== undefined) found.push(said('look-alike', entry, `may be made to be taken for another: ${near}`));
  const isPlain = /^(?:http|ws):/i.test(url) && URL.canParse(url) && !isLoopback(new URL(url).hostname);
  if (isPlain) found.push(said('plain-http', entry, 'is reached without encryption'));
  return found;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || host.startsWith('127.') || host === '[::1]';
}

/** `$(…)` and backticks are run by clients that expand their config like a shell. */
function runsCode(launch: Launch): boolean {
  const parts =
    launch.kind === 'url'
      ? [launch.url, ...Object.values(launch.headers)]
      : [launch.command, ...launch.args, ...Object.values(launch.env)];
  return parts.some((part) => /\$\((?!\()|`[^`]+`/.test(part));
}

function containerFindings(entry: ServerEntry, how: HowItRuns | undefined, home: string): readonly ScanFinding[] {
  if (how === undefined) return [];
  const broad = how.mounts.filter((mount) => isBroad(mount, home));
  return [
    ...(broad.length > 0
      ? [said('broad-mount', entry, `lets its container reach ${broad.map(shownWord).join(', ')}`)]
      : []),
    ...(how.privileges.length > 0
      ? [said('container-privileges', entry, `gives its container ${how.privileges.join(', ')}`)]
      : []),
  ];
}

/** The home folder, a root, a system folder, the container engine's own socket, or where keys are kept. */
function isBroad(mount: string, home: string): boolean {
  const folder = mount
    .replace(/^(?:~|\$\{?HOME\}?|\$\{userHome\}|%USERPROFILE%)/, () => home)
    .replace(/(?<=.)[\\/]+$/, '');
  const isAbove = home === folder || home.startsWith(`${folder}/`) || home.startsWith(`${folder}\\`);
  return (
    isAbove ||
    /docker\.sock$|[\\/]\.(?:ssh|aws|gnupg|kube|config)$|^\/(?:etc|var|usr|root)?$|^[A-Za-z]:[\\/]?$/.test(folder)
  );
}

const trusting = ['autoApprove', 'alwaysAllow'];

function trust(entry: ServerEntry): readonly ScanFinding[] {
  const all = trusting.flatMap((key) => {
    const node = memberOf(entry.node, key)?.value;
    return node?.kind === 'list' && node.items.some(isStar) ? [key] : [];
  });
  const trusted = memberOf(entry.node, 'trust')?.value;
  if (trusted?.kind === 'scalar' && trusted.value === true) all.push('trust');
  return all.map((key) => said('trusts-all', entry, 'may be called without asking', pointerTo([key])));
}

function isStar(node: ConfigNode): boolean {
  return node.kind === 'scalar' && node.value === '*';
}
