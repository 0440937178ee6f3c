// Organizations that were made while this hub runs, here or on another: what each part of the hub reads of an organization
// at its start is read of these before anybody else is told of them.
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { ChangeSubscriber } from './changes.ts';

export interface NewcomersDeps {
  /** Every organization of the database. */
  all(): Promise<readonly { readonly id: OrganizationId }[]>;
  isKnown(organization: OrganizationId): boolean;
  /** Reads it whole. */
  open(organization: OrganizationId): Promise<void>;
}

/** Subscribe it first. */
export function createNewcomers({ all, isKnown, open }: NewcomersDeps): ChangeSubscriber {
  async function openAll(organizations: Iterable<OrganizationId>): Promise<void> {
    for (const organization of new Set(organizations)) if (!isKnown(organization)) await open(organization);
  }
  return {
    changed: (changes) =>
      openAll(changes.filter(({ area }) => area === 'organization').map(({ organization }) => organization)),
    missed: async () => openAll((await all()).map(({ id }) => id)),
  };
}
