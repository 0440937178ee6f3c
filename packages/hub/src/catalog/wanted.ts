// What of an organization must be read again after a change. Grants and members change often, and there are very many of
// them: of those only what changed is read.
import type { GrantId, MemberId } from '@mcpvault/domain/ids';
import type { PartWanted } from '@mcpvault/store/catalog-view';
import type { Change } from '../changes.ts';

export type Wanted = 'all' | PartWanted;

export const nothingWanted: PartWanted = { grants: new Set(), subjects: new Set(), members: new Set() };

export function wantedAfter({ area, id }: Change): Wanted {
  switch (area) {
    case 'grants':
      return id === null ? 'all' : { ...nothingWanted, grants: new Set([id as GrantId]) };
    // With them go the grants that name them.
    case 'members':
      if (id === null) return 'all';
      return { ...nothingWanted, subjects: new Set([id]), members: new Set([id as MemberId]) };
    case 'teams':
    case 'roles':
      return id === null ? 'all' : { ...nothingWanted, subjects: new Set([id]) };
    case 'organization':
    case 'servers':
    case 'policies':
      return 'all';
    default:
      return nothingWanted;
  }
}

export function withMore(wanted: Wanted, more: Wanted): Wanted {
  if (wanted === 'all' || more === 'all') return 'all';
  return {
    grants: wanted.grants.union(more.grants),
    subjects: wanted.subjects.union(more.subjects),
    members: wanted.members.union(more.members),
  };
}
