// What PostgreSQL and the way to it answer when something is wrong, in words that help. The database's own texts are not
// passed on: they quote values. What is not in these tables is a bug and stays as it was.
import { Failure } from '@mcpvault/domain/failure';

/** A Failure where the error has a meaning for people, else the error itself. `place` says which database, for people. */
export function databaseFailure(error: unknown, place: string): unknown {
  if (error instanceof Failure || !(error instanceof Error)) return error;
  const code = codeOf(error);
  if (code === '23505') return new Failure('conflict', conflicts[constraintOf(error)] ?? 'this exists already');
  if (code === '23503')
    return new Failure('not_found', missing[constraintOf(error)] ?? 'what this refers to does not exist');
  const trouble = troubleOf(error, code);
  return trouble === null
    ? error
    : new Failure('database_unavailable', `The database at ${place} ${trouble}`, { cause: code ?? error.message });
}

const conflicts: Readonly<Record<string, string>> = {
  identity_providers_name: 'an identity provider of this name exists already',
  member_identities_one: 'this member is somebody else at this identity provider',
  passkeys_credential: 'this passkey is registered already',
  members_email: 'a member with this e-mail address exists already',
  members_user_name: 'a member with this user name exists already',
  roles_name: 'a role of this name exists already',
  teams_name: 'a team of this name exists already',
  servers_name: 'a server of this name exists already; choose another name',
};

const missing: Readonly<Record<string, string>> = {
  members_role: 'there is no such role',
  grants_subject_role: 'there is no such role',
  tokens_member: 'there is no such member',
  team_leads_team: 'there is no such team',
  team_leads_member: 'there is no such member',
  teams_parent: 'there is no such team',
  members_supervisor: 'there is no such member',
  members_owner_member: 'there is no such member',
  members_owner_team: 'there is no such team',
  team_members_team: 'there is no such team',
  team_members_member: 'there is no such member',
  grants_server: 'there is no such server',
  grants_subject_member: 'there is no such member',
  grants_subject_team: 'there is no such team',
  identity_provider_domains_domain: 'this e-mail domain belongs to another organization of this hub',
};

/** By SQLSTATE, or by the code Node gives errors of sockets and certificates. */
const troubles: Readonly<Record<string, string>> = {
  '28P01': 'refused the password. Check user and password in DATABASE_URL.',
  '28000':
    'does not let this user in this way. Check the user in DATABASE_URL and the rules in its pg_hba.conf; if it demands encryption, add ?sslmode=verify-full.',
  '3D000': 'has no database of that name. Create it first (CREATE DATABASE …), or correct the end of DATABASE_URL.',
  '42501': 'does not let this user do what is needed. Make the user the owner of the database.',
  '25006': 'only lets itself be read. Point DATABASE_URL at the primary server.',
  '40001': 'was changing the same rows at that moment. Try again.',
  '40P01': 'was changing the same rows at that moment. Try again.',
  '55P03': 'was changing the same rows at that moment. Try again.',
  '53100': 'has no disk space left. Free some, then try again.',
  '53200': 'is out of memory. Give it more, or lower the number of connections.',
  '53300': 'accepts no more connections. Raise its max_connections, or lower MCPVAULT_DATABASE_POOL.',
  '57014': 'took longer than it may. Narrow what is asked for, or try again.',
  '57P01': 'is shutting down. Try again when it is back.',
  '57P02': 'is recovering from a crash. Try again in a moment.',
  '57P03': 'is still starting. Try again in a moment.',
  '57P05': 'closed an idle connection. Try again.',
  '58030': 'cannot read or write its disk. Look at its log.',
  ECONNREFUSED: 'refuses connections. Check that it runs, and host and port in DATABASE_URL.',
  ECONNRESET: 'broke the connection. Try again; if it persists, look at its log.',
  EPIPE: 'broke the connection. Try again; if it persists, look at its log.',
  ENOTFOUND: 'cannot be found: no such host. Check the host in DATABASE_URL.',
  EAI_AGAIN: 'cannot be found: the name service does not answer. Check the host in DATABASE_URL and the network.',
  EHOSTUNREACH: 'cannot be reached from here. Check the network and the host in DATABASE_URL.',
  ENETUNREACH: 'cannot be reached from here. Check the network and the host in DATABASE_URL.',
  ETIMEDOUT: 'does not answer. Check host, port and firewall.',
  ENOENT: 'is not there: its socket does not exist. Check that it runs.',
  EACCES: 'may not be reached by this user: its socket is closed to it.',
  DEPTH_ZERO_SELF_SIGNED_CERT: untrusted('is self-signed'),
  SELF_SIGNED_CERT_IN_CHAIN: untrusted('comes from a private authority'),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: untrusted('comes from an unknown authority'),
  UNABLE_TO_GET_ISSUER_CERT: untrusted('comes from an unknown authority'),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: untrusted('comes from an unknown authority'),
  ERR_TLS_CERT_ALTNAME_INVALID:
    'shows a certificate for another host name. Use the name in the certificate in DATABASE_URL.',
  CERT_HAS_EXPIRED: 'shows a certificate that has expired. Renew it.',
};

/** For the errors that carry no code: what their text begins with. */
const texts: readonly (readonly [start: string, trouble: string])[] = [
  ['The server does not support SSL', 'does not speak TLS. Switch it on there, or remove sslmode from DATABASE_URL.'],
  ['There was an error establishing an SSL', 'did not answer in the PostgreSQL protocol. Check host and port.'],
  ['timeout expired', 'does not answer. Check host, port and firewall.'],
  ['timeout exceeded when trying to connect', 'has no connection free, or does not answer. Try again.'],
  ['Connection terminated due to connection timeout', 'does not answer. Check host, port and firewall.'],
  ['Connection terminated', 'broke the connection. Try again; if it persists, look at its log.'],
  ['Query read timeout', 'does not answer. Check the network, then try again.'],
  ['Client has encountered a connection error', 'broke the connection. Try again; if it persists, look at its log.'],
  ['SASL', 'asks for a password in another way than was given. Check user and password in DATABASE_URL.'],
  ['Received invalid response', 'did not answer in the PostgreSQL protocol. Check host and port.'],
];

function untrusted(why: string): string {
  return `shows a certificate that ${why}. Name the authority's file with sslrootcert=… in DATABASE_URL; sslmode=no-verify encrypts without knowing whom to.`;
}

function troubleOf(error: Error, code: string | undefined): string | null {
  const known = code === undefined ? undefined : troubles[code];
  if (known) return known;
  if (code?.startsWith('08')) return 'broke the connection. Try again; if it persists, look at its log.';
  return texts.find(([start]) => error.message.startsWith(start))?.[1] ?? null;
}

/** SQLSTATE or Node's code; of several addresses that were tried, the code of the first. */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return error instanceof AggregateError ? codeOf(error.errors[0]) : undefined;
}

function constraintOf(error: Error): string {
  return 'constraint' in error && typeof error.constraint === 'string' ? error.constraint : '';
}

/** SQLSTATE classes 22 (data), 23 (constraint) and 54 (limit): sending the same again would fail the same way. */
export function isAboutContent(error: unknown): boolean {
  return /^(22|23|54)/.test(codeOf(error) ?? '');
}
