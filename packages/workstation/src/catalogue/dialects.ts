// How clients spell one server. A dialect names the members of an entry that say how the server is reached, the **core
// elements**; everything else in an entry is the client's own and is never touched.

/** The transport an entry of this dialect has when its type says nothing. */
type UrlTransport = 'http' | 'sse';

export interface Dialect {
  readonly command: string;
  readonly args: string;
  readonly env: string;
  readonly cwd?: string;
  /** The program and its arguments are one list. */
  readonly argv?: true;
  /** The address, under the first of these that is set. */
  readonly urls: readonly string[];
  /** Path from the entry. */
  readonly headers: readonly string[];
  /** Members that the client accepts beside an address only, and refuses beside a command. */
  readonly onlyWithUrl?: readonly string[];
  readonly type?: string;
  /** An older name of the same. */
  readonly oldType?: string;
  /** What the type is for a command; where left out, a type is taken away when a command is set. */
  readonly typeOfCommand?: string;
  /** The client refuses an entry without a type. */
  readonly typeIsRequired?: true;
  readonly urlWithoutType?: UrlTransport;
  /** Per member of `urls`, where it differs. */
  readonly transportOfUrl?: Readonly<Record<string, UrlTransport>>;
  /** The member that switches an entry, and what it says of it. */
  readonly toggle?: { readonly member: string; readonly means: 'enabled' | 'disabled' };
  /** An object inside the entry that may hold the core elements instead of the entry itself. */
  readonly wrapper?: string;
  /** The command may be an object with members of its own. */
  readonly commandObject?: { readonly command: string; readonly args: string; readonly env: string };
  /** For lists: the member that holds the server's name. */
  readonly nameMember?: string;
  /** An item of the list that is no server. */
  readonly notServer?: string;
  /** Types of things that the client brings itself. */
  readonly builtIn?: 'other-types';
  /** What an entry without command and address is. */
  readonly emptyEntry?: 'extension';
}

const plain = {
  command: 'command',
  args: 'args',
  env: 'env',
  cwd: 'cwd',
  urls: ['url'],
  headers: ['headers'],
} as const;
const typed = { ...plain, type: 'type', typeOfCommand: 'stdio' } as const;
const off = { member: 'disabled', means: 'disabled' } as const;
const on = { member: 'enabled', means: 'enabled' } as const;

export const dialects = {
  'mcpServers-basic': typed,
  'claude-code': typed,
  'claude-desktop-managed': { ...plain, type: 'transport', nameMember: 'name' },
  'claude-desktop-plugin': typed,
  cursor: { ...typed, toggle: off },
  vscode: typed,
  'copilot-portable': { ...typed, toggle: off },
  'copilot-jetbrains': { ...typed, headers: ['requestInit', 'headers'] },
  windsurf: { ...typed, urls: ['serverUrl', 'url'], toggle: off },
  zed: {
    ...plain,
    toggle: on,
    commandObject: { command: 'path', args: 'args', env: 'env' },
    emptyEntry: 'extension',
  },
  cline: { ...typed, oldType: 'transportType', urlWithoutType: 'sse', toggle: off, wrapper: 'transport' },
  roo: { ...typed, toggle: off },
  'continue-yaml': { ...typed, headers: ['requestOptions', 'headers'], nameMember: 'name', notServer: 'uses' },
  codex: {
    ...plain,
    headers: ['http_headers'],
    onlyWithUrl: ['bearer_token', 'bearer_token_env_var', 'env_http_headers', 'oauth', 'oauth_resource'],
    toggle: on,
  },
  gemini: { ...typed, urls: ['httpUrl', 'url'], transportOfUrl: { httpUrl: 'http', url: 'sse' } },
  goose: {
    ...typed,
    command: 'cmd',
    env: 'envs',
    urls: ['uri'],
    typeIsRequired: true,
    toggle: on,
    builtIn: 'other-types',
  },
  warp: { ...typed, cwd: 'working_directory' },
  amp: typed,
  opencode: {
    ...plain,
    argv: true,
    env: 'environment',
    type: 'type',
    typeOfCommand: 'local',
    typeIsRequired: true,
    toggle: on,
  },
  kiro: { ...typed, toggle: off },
  amazonq: { ...typed, toggle: off },
  jan: { ...typed, toggle: { member: 'active', means: 'enabled' } },
  factory: { ...typed, toggle: off },
  crush: { ...typed, typeIsRequired: true, toggle: off },
  vibe: { ...plain, type: 'transport', typeOfCommand: 'stdio', typeIsRequired: true, nameMember: 'name' },
  rovo: { ...plain, type: 'transport', typeOfCommand: 'stdio' },
  openclaw: { ...plain, type: 'transport', toggle: on },
} as const satisfies Readonly<Record<string, Dialect>>;

export type DialectName = keyof typeof dialects;

export function dialectNamed(name: DialectName): Dialect {
  return dialects[name];
}
