import type { ComplianceRules } from '@mcpvault/protocol/hub-link/policy-bundle';

/** What counts against a workstation where nobody has decided otherwise. */
export const standardRules: ComplianceRules = {
  version: 1,
  everyMinutes: 24 * 60,
  clients: null,
  projects: true,
  excludedFolders: [],
  severities: {},
  failOn: 'error',
  requireManaged: false,
  requireReadable: false,
};
