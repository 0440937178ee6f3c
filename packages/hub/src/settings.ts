// Every setting of the hub, in one table. The parser, `--help`, `docs/configuration.md` and the example file are made
// from it.
import { isPlace } from '@mcpvault/gateway/outbound/outbound-rules';
import { readMailServer } from './alerts/routes/mail-server.ts';
import {
  choice,
  duration,
  type Kind,
  list,
  listOf,
  onOff,
  pattern,
  type Setting,
  SettingProblem,
  size,
  text,
  whole,
} from './setting.ts';

const mebibyte = 1024 ** 2;
const second = 1000;
const hour = 3600 * second;

const mailServer: Kind<string> = {
  hint: 'smtps://name:password@host, or smtp://host:587; ?tls=off for plain text, without a password',
  parse(given) {
    if (readMailServer(given) === null) throw new SettingProblem(`should be ${this.hint}`);
    return given;
  },
};

export const settings = {
  // Where it runs
  data: set(
    'MCPVAULT_DATA',
    text,
    './.mcpvault',
    'Folder for everything the hub keeps: database, journal, keys, samples.',
  ),
  host: set('MCPVAULT_HOST', text, '127.0.0.1', 'Address to listen on; 0.0.0.0 means every network interface.'),
  port: set('MCPVAULT_PORT', whole(0, 65_535), '7717', 'Port to listen on; 0 takes any free one.'),
  publicUrl: set(
    'MCPVAULT_PUBLIC_URL',
    pattern('an http or https URL without a path', /^https?:\/\/[^/?#\s]+\/?$/),
    null,
    'How clients and browsers reach the hub, e.g. https://vault.example.com; otherwise made from host and port.',
  ),
  allowedHosts: set(
    'MCPVAULT_ALLOWED_HOSTS',
    list,
    '',
    'Further names accepted in the Host header, with their port, e.g. vault.internal:7717.',
  ),
  allowedOrigins: set(
    'MCPVAULT_ALLOWED_ORIGINS',
    list,
    '',
    'Further origins whose web pages may talk to the MCP endpoints, e.g. https://inspector.example.com.',
  ),
  proxies: set(
    'MCPVAULT_PROXIES',
    whole(0, 10),
    '0',
    'Proxies in front of the hub whose X-Forwarded-For is believed; 0 believes none, and takes the address that connects.',
  ),

  // Where it may go
  privateNetworks: set(
    'MCPVAULT_PRIVATE_NETWORKS',
    listOf('host names, addresses or ranges, e.g. auth.corp.example,10.20.0.0/16', isPlace),
    '',
    'Places that may be fetched from on the word of a server, client or identity provider though they are private or without TLS.',
  ),
  serverNetworks: set(
    'MCPVAULT_SERVER_NETWORKS',
    choice('any', 'public'),
    'any',
    'Where servers that admins add may be: any (but never where clouds hand out credentials), or public, and where MCPVAULT_PRIVATE_NETWORKS says.',
  ),

  // The database
  databaseUrl: secret(
    'DATABASE_URL',
    text,
    'A PostgreSQL (15 or newer) of your own, as postgres://user:password@host:port/database; left out, the hub runs its own.',
  ),
  databasePool: set('MCPVAULT_DATABASE_POOL', whole(2, 200), '10', 'Connections to the database at most.'),

  // Keys and the first admin
  masterKey: secret(
    'MCPVAULT_MASTER_KEY',
    text,
    'The key that wraps every data key: 32 bytes as base64 or hex; left out, a key file is made in the data folder.',
  ),
  adminEmail: set(
    'MCPVAULT_ADMIN_EMAIL',
    text,
    null,
    'First start without a setup link: the first admin’s e-mail address.',
  ),
  adminPassword: secret(
    'MCPVAULT_ADMIN_PASSWORD',
    text,
    'First start without a setup link: the first admin’s password.',
  ),
  adminName: set('MCPVAULT_ADMIN_NAME', text, 'Admin', 'The first admin’s name.'),
  organization: set(
    'MCPVAULT_ORGANIZATION',
    text,
    'My organization',
    'The name of the organization made at first start.',
  ),
  example: set('MCPVAULT_EXAMPLE', onOff, 'on', 'Make three example servers and an example policy at first start.'),

  // Signing in
  accessTokenMinutes: set('MCPVAULT_ACCESS_TOKEN_MINUTES', whole(1, 1440), '60', 'How long an access token works.'),
  refreshTokenDays: set(
    'MCPVAULT_REFRESH_TOKEN_DAYS',
    whole(1, 365),
    '30',
    'How long a sign-in can be renewed before the password is asked for again.',
  ),

  // AI clients that sign in by themselves
  oauthRegistration: set(
    'MCPVAULT_OAUTH_REGISTRATION',
    onOff,
    'on',
    'Whether older AI clients may register themselves (RFC 7591); newer ones name a document that describes them.',
  ),
  oauthClientHosts: set(
    'MCPVAULT_OAUTH_CLIENT_HOSTS',
    list,
    '',
    'Hosts whose AI clients are let in by the URL of their document, e.g. cursor.com; left out, any host.',
  ),

  // The message path
  maxMessageBytes: set('MCPVAULT_MAX_MESSAGE_BYTES', size(1024, 1024 * mebibyte), '16MiB', 'Largest message accepted.'),
  maxDepth: set('MCPVAULT_MAX_DEPTH', whole(8, 10_000), '200', 'How deeply a message may nest.'),
  callTimeout: set(
    'MCPVAULT_CALL_TIMEOUT',
    duration(second, 24 * hour),
    '5m',
    'How long a server may stay silent during a call; progress starts the wait again.',
  ),
  approvalWait: set(
    'MCPVAULT_APPROVAL_WAIT',
    duration(0, 24 * hour),
    '5m',
    'How long a held call waits in its client at most; after that it is refused, and may be sent again.',
  ),
  connectTimeout: set(
    'MCPVAULT_CONNECT_TIMEOUT',
    duration(second, hour),
    '30s',
    'How long opening a connection, or starting a process to its first answer, may take.',
  ),
  sessionIdle: set(
    'MCPVAULT_SESSION_IDLE',
    duration(10 * second, 720 * hour),
    '12h',
    'A session of a client ends after this time without any traffic.',
  ),
  maxSessionsPerMember: set(
    'MCPVAULT_MAX_SESSIONS_PER_MEMBER',
    whole(1, 1_000_000),
    '1000',
    'Sessions of one member at once.',
  ),
  maxConcurrentCalls: set(
    'MCPVAULT_MAX_CONCURRENT_CALLS',
    whole(1, 1_000_000),
    '1000',
    'Calls of one member under way at once.',
  ),
  processIdle: set(
    'MCPVAULT_PROCESS_IDLE',
    duration(second, 720 * hour),
    '10m',
    'A server process that nobody uses ends after this.',
  ),
  maxProcesses: set('MCPVAULT_MAX_PROCESSES', whole(1, 100_000), '200', 'Server processes at once.'),
  maxProcessesPerServer: set(
    'MCPVAULT_MAX_PROCESSES_PER_SERVER',
    whole(1, 100_000),
    '50',
    'Processes of one server at once.',
  ),
  maxProcessesPerMember: set(
    'MCPVAULT_MAX_PROCESSES_PER_MEMBER',
    whole(1, 100_000),
    '50',
    'Processes that are one member’s at once: of servers that give each member, or each session, its own.',
  ),
  resumeBytes: set(
    'MCPVAULT_RESUME_BYTES',
    size(0, 1024 * mebibyte),
    '1MiB',
    'Memory per session for streams that a client may resume.',
  ),

  // The record
  durability: set(
    'MCPVAULT_DURABILITY',
    choice('process', 'power'),
    'process',
    'What an answered call survives: process (the hub being killed), or power (the machine too; slower).',
  ),
  journalBytes: set(
    'MCPVAULT_JOURNAL_BYTES',
    size(mebibyte, 1024 * 1024 * mebibyte),
    '1GiB',
    'How much the journal may hold while the database is away.',
  ),
  journalFull: set(
    'MCPVAULT_JOURNAL_FULL',
    choice('refuse', 'lose'),
    'refuse',
    'When calls cannot be written down, for organizations that did not choose: refuse them, or let them pass and count them.',
  ),
  retentionDays: set(
    'MCPVAULT_RETENTION_DAYS',
    whole(0, 36_500),
    '30',
    'Messages older than this are deleted; 0 keeps them.',
  ),

  auditRetentionDays: set(
    'MCPVAULT_AUDIT_RETENTION_DAYS',
    whole(0, 36_500),
    '0',
    'What audit entries older than this say is deleted, and their hashes stay; 0 keeps them.',
  ),

  // Telling people
  smtpUrl: secret(
    'MCPVAULT_SMTP_URL',
    mailServer,
    'The mail server over which alerts are sent. Without it, routes cannot send mail.',
  ),
  mailFrom: set(
    'MCPVAULT_MAIL_FROM',
    pattern(
      'an address, or a name and an address as MCPVault <vault@example.com>',
      /^([^<>\r\n]+ )?<?[^<>@\s]+@[^<>@\s]+>?$/,
    ),
    null,
    'From whom mails come; needed to send any.',
  ),

  // Running it
  logLevel: set(
    'MCPVAULT_LOG_LEVEL',
    choice('debug', 'info', 'warn', 'error', 'silent'),
    'warn',
    'How much is logged, on stderr.',
  ),
  logFormat: set(
    'MCPVAULT_LOG_FORMAT',
    choice('pretty', 'json'),
    'pretty',
    'Lines for people, or one JSON object a line.',
  ),
  drain: set(
    'MCPVAULT_DRAIN',
    duration(0, hour),
    '20s',
    'How long calls under way may take to finish when the hub stops.',
  ),
} as const;

export type Settings = typeof settings;
export type SettingName = keyof Settings;

/** The flag of a setting, without its dashes: `publicUrl` is `public-url`. */
export function flagOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function set<Value, const Default extends string | null>(
  env: string,
  kind: Kind<Value>,
  preset: Default,
  description: string,
) {
  const setting = { env, kind, default: preset, description, secret: false };
  return setting satisfies Setting<Value>;
}

function secret(env: string, kind: Kind<string>, description: string) {
  return { env, kind, default: null, description, secret: true } satisfies Setting<string>;
}
