// A member as SCIM shows them, and what a SCIM user says of a member (RFC 7643 §4.1). What MCPVault has no use for is kept
// as it came, so that the provider finds again what it wrote; a password is not.
import type { Member, Provisioning } from '@mcpvault/store/members-store';
import { z } from 'zod';
import { invalid } from './scim-failure.ts';
import { isObject, type Json, type Resource } from './patch.ts';

export const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
export const enterpriseSchema = 'urn:ietf:params:scim:schemas:extension:enterprise:2.0:User';

const kept = [
  'name',
  'nickName',
  'profileUrl',
  'title',
  'userType',
  'preferredLanguage',
  'locale',
  'timezone',
  'emails',
  'phoneNumbers',
  'addresses',
  'ims',
  'photos',
  'entitlements',
  'roles',
  enterpriseSchema,
] as const;
const profileBytesAtMost = 32 * 1024;

/** What a SCIM user says, as far as it matters here. */
export interface UserDraft {
  readonly userName: string;
  readonly email: string;
  readonly name: string;
  readonly active: boolean;
  readonly externalId: string | null;
  readonly profile: Provisioning['profile'];
  /** The SCIM id of whom it names as manager; null for nobody. */
  readonly manager: string | null;
}

export function showUser(member: Member, base: string): Resource {
  const { id, email, name, provisioning, teams } = member;
  const profile = provisioning.profile as Resource;
  const extended = isObject(profile[enterpriseSchema]);
  return {
    schemas: extended ? [userSchema, enterpriseSchema] : [userSchema],
    id,
    ...(provisioning.externalId === null ? {} : { externalId: provisioning.externalId }),
    userName: provisioning.userName ?? email,
    displayName: name,
    active: member.disabledAt === null,
    name: { formatted: name },
    emails: [{ value: email, type: 'work', primary: true }],
    ...profile,
    groups: teams.map((team) => ({ value: team.id, display: team.name, $ref: `${base}/Groups/${team.id}` })),
    meta: {
      resourceType: 'User',
      created: new Date(member.createdAt).toISOString(),
      location: `${base}/Users/${id}`,
    },
  };
}

/** Throws a `ScimFailure` for what is no user. Names of attributes are compared without regard to case. */
export function readUser(resource: Resource): UserDraft {
  const given = new Map(Object.entries(resource).map(([name, value]) => [name.toLowerCase(), value]));
  const text = (name: string): string | null => {
    const value = given.get(name.toLowerCase());
    if (value === undefined || value === null || value === '') return null;
    if (typeof value !== 'string' || value.length > 500) throw invalid(`${name} is no text of a sensible length.`);
    return value.trim();
  };
  const userName = text('userName');
  if (userName === null) throw invalid('userName is missing.');
  const profile = Object.fromEntries(
    kept.flatMap((name) => {
      const value = given.get(name.toLowerCase());
      return value === undefined || value === null ? [] : [[name, value]];
    }),
  );
  if (Buffer.byteLength(JSON.stringify(profile)) > profileBytesAtMost)
    throw invalid('The user’s attributes are too long.');
  const extension = given.get(enterpriseSchema.toLowerCase());
  return {
    userName,
    email: emailIn(given.get('emails'), userName),
    name: (text('displayName') ?? nameIn(given.get('name')) ?? userName).slice(0, 200),
    active: truthIn(given.get('active')),
    externalId: text('externalId'),
    profile,
    manager: managerIn(extension),
  };
}

/** The primary address, else the first, else the user name where that is one. */
function emailIn(emails: Json | undefined, userName: string): string {
  const all = Array.isArray(emails) ? (emails as readonly Json[]).filter(isObject) : [];
  const primary = all.find((each) => truthIn(each['primary'], false)) ?? all[0];
  const found = z
    .email()
    .max(320)
    .safeParse(typeof primary?.['value'] === 'string' ? primary['value'].trim() : userName);
  if (found.success) return found.data;
  throw invalid('The user has no e-mail address: neither among emails nor as userName.');
}

function nameIn(name: Json | undefined): string | null {
  if (!isObject(name)) return null;
  const part = (key: string): string => (typeof name[key] === 'string' ? name[key].trim() : '');
  return part('formatted') || `${part('givenName')} ${part('familyName')}`.trim() || null;
}

/** Some providers write booleans as texts. */
function truthIn(value: Json | undefined, otherwise = true): boolean {
  if (value === undefined || value === null) return otherwise;
  if (typeof value === 'boolean') return value;
  const written = typeof value === 'string' ? value.toLowerCase() : '';
  if (written === 'true' || written === 'false') return written === 'true';
  throw invalid('active is neither true nor false.');
}

/** An object with a value, or the id alone. */
function managerIn(extension: Json | undefined): string | null {
  if (!isObject(extension)) return null;
  const manager = Object.entries(extension).find(([name]) => name.toLowerCase() === 'manager')?.[1];
  const value = isObject(manager) ? manager['value'] : manager;
  return typeof value === 'string' && value !== '' ? value : null;
}
