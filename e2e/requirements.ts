// The requirements that scenarios claim to show, by the ids of the requirements document, each in a few words of ours. An
// id belongs here only when a scenario cites it that would fail if it did not hold.

export const requirements = {
  'TV-HUB-01': 'admin-only operations are refused to everyone else',
  'TV-HUB-02': 'a member is a person with credentials of their own; disabled, they are refused',
  'TV-HUB-06': 'members are created, listed, edited, disabled and removed at the hub',
  'TV-HUB-08': 'the hub runs servers itself and passes calls to them',
  'TV-HUB-09': 'members find the servers they may use, and no others',
  'TV-HUB-11': 'an admin grants a server to some members; taken back, it ends at the next call',
  'TV-HUB-16': 'policies of the hub act on messages in one place',
  'TV-HUB-38': 'the hub remembers in PostgreSQL, embedded or an organization’s own',
  'TV-HUB-81': 'original and edits together give what was delivered',
  'MV-README-001': 'callers use servers without ever holding the servers’ credentials',
  'MV-README-003': 'every message is authenticated and authorized anew',
  'MV-README-007': 'every change leaves exactly one audit entry',
  'MV-README-025': 'the hub is managed over REST as its OpenAPI document says',
  'MV-README-031': 'MCPVault stands between clients and servers as a proxy',
  'MV-README-035': 'servers and their tools are listed in one place',
  'MV-README-048': 'a fresh clone installs with one command',
  'MV-README-050': 'one command makes the database; a second run changes nothing',
  'MV-README-051': 'one command starts the hub, and it answers as healthy',
  'MV-README-052': 'a wrong database address is a clear error and a non-zero exit',
  'MV-README-088': 'signing in with e-mail and password',
  'MV-README-089': 'refresh tokens rotate; used twice, they end the sign-in',
  'MV-README-090': 'signing out ends the tokens of the sign-in',
  'MV-README-091': 'listing servers shows what the caller may use, in pages',
  'MV-README-092': 'adding a server',
  'MV-README-093': 'changing a server makes a new version',
  'MV-README-094': 'retiring a server keeps its history',
  'MV-README-095': 'listing the tools of a server with their schemas',
  'MV-README-136': 'readiness names the database when it is away',
  'MV-REQ-002': 'servers are registered in one list that can be searched',
  'MV-REQ-018': 'nothing on the MCP endpoints answers without a token',
  'MV-REQ-046': 'PostgreSQL holds all that the hub knows',
  'MV-REQ-074': 'real MCP clients and servers work through MCPVault unchanged',
  'MV-REQ-075': 'calls run side by side',
  'MV-REQ-080': 'the official conformance suite passes through MCPVault, both eras',
  'MV-REQ-089': 'the system is managed over REST',
  'MV-REQ-093': 'the API has a version in its path',
  'MV-REQ-104': 'the system is administered in a web interface',
  'CP-004': 'programs call tools over HTTP with a token',
  'CP-080': 'bearer tokens are required',
  'CP-081': 'server processes are started, watched, restarted and stopped',
  'CP-082': 'tools of several servers are told apart and reach their own server',
  'CP-083': 'admins manage members, servers, grants and policies in the browser',
} as const;

export type RequirementId = keyof typeof requirements;

/** Says which requirements the scenario beside it shows. `coverage.test.ts` reads these calls from the source. */
export function verifies(..._ids: RequirementId[]): void {}
