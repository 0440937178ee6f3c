// What leads from one thing to others in a query: each is an operation, asked with the id of what it hangs on. It may do what
// the operation may, and nothing else.
import type { OperationKey } from '@mcpvault/contract/operations';

export interface Relation {
  readonly field: string;
  readonly operation: OperationKey;
  /** The parameter that takes the id; null where all of the organization are meant. */
  readonly by: string | null;
}

/** By the prefix of the id of what they hang on. */
export const relations: Readonly<Record<string, readonly Relation[]>> = {
  org: [
    { field: 'members', operation: 'listMembers', by: null },
    { field: 'teams', operation: 'listTeams', by: null },
    { field: 'servers', operation: 'listServers', by: null },
    { field: 'roles', operation: 'listRoles', by: null },
    { field: 'policies', operation: 'listDefinitions', by: null },
    { field: 'limits', operation: 'listLimits', by: null },
    { field: 'audit', operation: 'listAudit', by: null },
  ],
  mem: [
    { field: 'profile', operation: 'getMember', by: 'id' },
    { field: 'grants', operation: 'listGrants', by: 'member' },
    { field: 'tokens', operation: 'listTokens', by: 'member' },
    { field: 'recorded', operation: 'listMessages', by: 'member' },
    { field: 'called', operation: 'listAuditCalls', by: 'member' },
    { field: 'did', operation: 'listAudit', by: 'actor' },
  ],
  srv: [
    { field: 'details', operation: 'getServer', by: 'id' },
    { field: 'toolList', operation: 'listServerTools', by: 'id' },
    { field: 'grants', operation: 'listGrants', by: 'server' },
    { field: 'access', operation: 'listAccess', by: 'server' },
    { field: 'recorded', operation: 'listMessages', by: 'server' },
    { field: 'called', operation: 'listAuditCalls', by: 'server' },
  ],
  pol: [
    { field: 'definition', operation: 'getDefinition', by: 'id' },
    { field: 'versions', operation: 'listPolicyVersions', by: 'id' },
  ],
  msg: [{ field: 'message', operation: 'getMessage', by: 'id' }],
};
