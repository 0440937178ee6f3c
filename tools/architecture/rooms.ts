// The rooms of the house and the arrows between them, as data: which room may enter which, and why it may not enter the
// others. The architecture test holds the code to this table; change the table only together with ARCHITECTURE.md.

export type RoomName =
  | 'protocol'
  | 'domain'
  | 'contract'
  | 'gateway'
  | 'store'
  | 'hub'
  | 'workstation'
  | 'console'
  | 'cli';

export interface Room {
  /** Its name in import specifiers and package.json. */
  readonly packageName: string;
  readonly mayEnter: readonly RoomName[];
  /** Why each of the other rooms is closed to it. */
  readonly closed: Readonly<Partial<Record<RoomName, string>>>;
  /** Node's own modules that may be imported, without the `node:` prefix. */
  readonly node: readonly string[] | 'all';
  readonly whyNode: string;
  /** Libraries that may be imported; 'listed' means all that its package.json names. */
  readonly libraries: readonly string[] | 'listed';
  readonly whyLibraries: string;
  /** A room that is not built yet may be missing. */
  readonly planned?: true;
}

const carries = 'what is decided does not depend on how it is carried';
const remembers = 'what is decided does not depend on where it is remembered';
const apps = 'nothing imports an application: it is what imports';
const delivered = 'it is served as built files, never imported';
const browser = 'browsers load this room and must not load that one';

export const rooms: Readonly<Record<RoomName, Room>> = {
  protocol: {
    packageName: '@mcpvault/protocol',
    mayEnter: [],
    closed: {
      domain: 'what is said does not depend on what is decided about it',
      contract: 'the hub’s own API is no part of MCP',
      gateway: 'messages do not know how they are carried',
      store: 'messages do not know that they are remembered',
      hub: apps,
      workstation: apps,
      console: delivered,
      cli: apps,
    },
    node: ['buffer'],
    whyNode: 'it is pure: bytes and their encodings, and no I/O',
    libraries: ['zod'],
    whyLibraries: 'schemas are all it needs',
  },
  domain: {
    packageName: '@mcpvault/domain',
    mayEnter: ['protocol'],
    closed: {
      contract: 'decisions do not know which API asks for them',
      gateway: carries,
      store: remembers,
      hub: apps,
      workstation: apps,
      console: delivered,
      cli: apps,
    },
    node: ['crypto', 'buffer', 'zlib'],
    whyNode: 'it is pure: hashing, bytes and their compression, but no I/O, no clock, no randomness',
    libraries: ['zod', '@marcbachmann/cel-js', 're2-wasm', 're2js'],
    whyLibraries: 'schemas, a rule language and a regular expression engine that cannot hang; no frameworks, no I/O',
  },
  contract: {
    packageName: '@mcpvault/contract',
    mayEnter: ['domain'],
    closed: {
      protocol: 'its words reach this room through domain',
      gateway: browser,
      store: browser,
      hub: 'the contract is what the hub fulfils',
      workstation: apps,
      console: delivered,
      cli: apps,
    },
    node: [],
    whyNode: 'browsers load it',
    libraries: ['zod'],
    whyLibraries: 'browsers load it, and pay for each library',
  },
  gateway: {
    packageName: '@mcpvault/gateway',
    mayEnter: ['protocol', 'domain'],
    closed: {
      contract: 'the message path does not depend on the control plane',
      store: 'it says in ports.ts what it needs; its host answers from wherever it remembers',
      hub: 'the workstation hosts it too',
      workstation: 'the hub hosts it too',
      console: delivered,
      cli: apps,
    },
    node: 'all',
    whyNode: 'it does the I/O',
    libraries: 'listed',
    whyLibraries: 'transports need their libraries',
  },
  store: {
    packageName: '@mcpvault/store',
    mayEnter: ['domain'],
    closed: {
      protocol: 'it stores what domain describes, not messages of a wire',
      contract: 'what is remembered does not depend on how it is asked for',
      gateway: 'the message path must not need this database',
      hub: apps,
      workstation: 'a workstation has a journal of its own, not this database',
      console: delivered,
      cli: apps,
    },
    node: 'all',
    whyNode: 'it does the I/O',
    libraries: ['kysely', 'pg'],
    whyLibraries: 'one dialect, one driver, one query builder',
  },
  hub: {
    packageName: '@mcpvault/hub',
    mayEnter: ['protocol', 'domain', 'contract', 'gateway', 'store'],
    closed: {
      workstation: 'they meet on the wire only',
      console: delivered,
      cli: 'the command starts the hub, not the other way round',
    },
    node: 'all',
    whyNode: 'it is an application',
    libraries: 'listed',
    whyLibraries: 'it is an application',
  },
  workstation: {
    packageName: '@mcpvault/workstation',
    mayEnter: ['protocol', 'domain', 'contract', 'gateway'],
    closed: {
      store: 'a workstation has a journal of its own, not the hub’s database',
      hub: 'they meet on the wire only',
      console: delivered,
      cli: 'the command starts the workstation, not the other way round',
    },
    node: 'all',
    whyNode: 'it is an application',
    libraries: 'listed',
    whyLibraries: 'it is an application',
  },
  console: {
    packageName: '@mcpvault/console',
    mayEnter: ['contract'],
    closed: {
      protocol: 'it knows the hub by its contract only',
      domain: 'it knows the hub by its contract only',
      gateway: browser,
      store: browser,
      hub: browser,
      workstation: browser,
      cli: browser,
    },
    node: [],
    whyNode: 'browsers run it',
    libraries: 'listed',
    whyLibraries: 'pages need their libraries',
  },
  cli: {
    packageName: 'mcpvault',
    mayEnter: ['protocol', 'domain', 'contract', 'hub', 'workstation'],
    closed: {
      gateway: 'it starts applications and asks the hub by its contract; the rest is theirs',
      store: 'it starts applications and asks the hub by its contract; the rest is theirs',
      console: delivered,
    },
    node: 'all',
    whyNode: 'it is an application',
    libraries: 'listed',
    whyLibraries: 'it is an application',
  },
};

/** File and folder names that say nothing about what is inside. */
export const emptyNames: readonly string[] = ['util', 'utils', 'helper', 'helpers', 'common', 'misc', 'manager'];
