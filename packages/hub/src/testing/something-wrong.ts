import type { RaisedAlert } from '@mcpvault/domain/alerts/alert';
import type { OrganizationId } from '@mcpvault/domain/ids';

/** An operational alert, for tests that need one. */
export function somethingWrong(
  organization: OrganizationId,
  at: number,
  { lasts = false, ...changes }: Partial<RaisedAlert> & { readonly lasts?: boolean } = {},
): RaisedAlert {
  return {
    ...{ organization, at, kind: 'operational', layer: 'hub', severity: 'high', title: 'Something is wrong' },
    ...{ likeness: 'something', policy: null, server: null, tool: null, member: null, message: null },
    snapshot: {
      ...{ policy: null, findings: {}, detectors: [], places: [], edits: [], message: null },
      ...{ text: 'It does not work.', fix: 'Look at it.', ...(lasts && { lasts: true as const }) },
    },
    ...changes,
  };
}
