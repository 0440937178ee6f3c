// A team that an identity provider keeps, as SCIM shows it (RFC 7643 §4.2), and what a SCIM group says of one.
import type { Team } from '@mcpvault/store/teams-store';
import { invalid } from './scim-failure.ts';
import { isObject, type Json, type Resource } from './patch.ts';

export const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';

export interface GroupDraft {
  readonly name: string;
  readonly externalId: string | null;
  /** SCIM ids of its members. */
  readonly members: readonly string[];
}

const membersAtMost = 50_000;

export function showGroup({ id, name, externalId, members, createdAt }: Team, base: string): Resource {
  return {
    schemas: [groupSchema],
    id,
    ...(externalId === null ? {} : { externalId }),
    displayName: name,
    members: members.map((each) => ({ value: each.id, display: each.name, $ref: `${base}/Users/${each.id}` })),
    meta: { resourceType: 'Group', created: new Date(createdAt).toISOString(), location: `${base}/Groups/${id}` },
  };
}

/** Throws a `ScimFailure` for what is no group. */
export function readGroup(resource: Resource): GroupDraft {
  const given = new Map(Object.entries(resource).map(([name, value]) => [name.toLowerCase(), value]));
  const name = given.get('displayname');
  if (typeof name !== 'string' || name.trim() === '' || name.length > 200) {
    throw invalid('displayName is missing, or longer than 200 characters.');
  }
  const externalId = given.get('externalid') ?? null;
  if (externalId !== null && (typeof externalId !== 'string' || externalId.length > 500)) {
    throw invalid('externalId is no text of a sensible length.');
  }
  return { name: name.trim(), externalId, members: membersIn(given.get('members')) };
}

function membersIn(members: Json | undefined): readonly string[] {
  if (members === undefined || members === null) return [];
  if (!Array.isArray(members)) throw invalid('members is no list.');
  if (members.length > membersAtMost) throw invalid(`A group has at most ${membersAtMost} members.`, 'tooMany');
  const ids = (members as readonly Json[]).map((each) => (isObject(each) ? each['value'] : each));
  return [...new Set(ids.map((id) => (typeof id === 'string' ? id : '')))];
}
