// The stores of work that is done outside an operation: reading what the message path holds in memory, renewing sign-ins,
// delivering the audit log, upkeep. What names its organization is asked within it, so that the database's own wall stands
// behind it too. What is found by a secret, or concerns all organizations at once, is the hub's own and has no such wall.
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Database } from '../connect.ts';
import type { Executor } from '../schema.ts';
import { createStores, type Stores } from '../stores.ts';

export function createWalledStores(database: Pick<Database, 'kysely' | 'boundTo'>): Stores {
  return walled(database, createStores);
}

/** The same for any object of functions, or of objects of functions, that is made of an executor. */
export function walled<Made extends object>(
  { kysely, boundTo }: Pick<Database, 'kysely' | 'boundTo'>,
  make: (executor: Executor) => Made,
): Made {
  const inside = new Map<OrganizationId, Made>();
  const of = (organization: OrganizationId): Made => {
    let made = inside.get(organization);
    if (made === undefined) {
      made = make(boundTo(organization));
      inside.set(organization, made);
    }
    return made;
  };
  return through(make(kysely), of);
}

type Dictionary = Record<string, unknown>;

function through<Part extends object>(own: Part, of: (organization: OrganizationId) => Part): Part {
  const entries = Object.entries(own).map(([name, value]) => {
    if (typeof value === 'function') return [name, asked(name, value, own, of)];
    // An executor has no organization in what it is asked for.
    if (name === 'executor' || typeof value !== 'object' || value === null) return [name, value];
    return [name, through(value, (organization) => (of(organization) as Dictionary)[name] as object)];
  });
  return Object.fromEntries(entries) as Part;
}

function asked(name: string, plain: Function, own: object, of: (organization: OrganizationId) => object) {
  return (...given: unknown[]): unknown => {
    const organization = organizationIn(given[0]);
    if (organization === null) return Reflect.apply(plain, own, given);
    const within = of(organization) as Dictionary;
    return Reflect.apply(within[name] as Function, within, given);
  };
}

/** Whoever asks something of one organization names it first, or hands in what belongs to it. */
export function organizationIn(first: unknown): OrganizationId | null {
  if (typeof first === 'string') return isOrganization(first) ? first : null;
  if (typeof first !== 'object' || first === null || !('organization' in first)) return null;
  const { organization } = first;
  return typeof organization === 'string' && isOrganization(organization) ? organization : null;
}

function isOrganization(text: string): text is OrganizationId {
  return text.startsWith('org_');
}
