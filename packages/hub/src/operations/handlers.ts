// Every operation's handler, in the order of the contract. What is not in this list does not exist.
import { explainAccess, listAccess, previewGrant } from './access.ts';
import {
  exportAudit,
  getAuditRules,
  listAudit,
  listAuditCalls,
  listAuditKeys,
  proveAudited,
  proveAuditEntry,
  readAuditLog,
  rotateAuditKey,
  updateAuditRules,
  verifyAudit,
} from './audit.ts';
import { acceptLink, changePassword, checkLink, login, logout, me, refresh, setUp } from './auth.ts';
import { createGrant, listGrants, removeGrant } from './grants.ts';
import type { Handler } from './handler.ts';
import { createMember, getMember, inviteAgain, listMembers, removeMember, updateMember } from './members.ts';
import { createLimit, listLimits, removeLimit, updateLimit } from './limits.ts';
import { endLegalHold, getLegalHold, setLegalHold } from './legal-hold.ts';
import { getMessage, listMessages } from './messages.ts';
import { getOverview } from './overview.ts';
import { createRole, listRoles, removeRole, updateRole } from './roles.ts';
import { createPolicy, listDetectors, listPolicies, removePolicy, updatePolicy } from './policies.ts';
import {
  checkServer,
  createServer,
  getServer,
  listServers,
  listServerTools,
  removeServer,
  restartServer,
  serverLogs,
  updateServer,
} from './servers.ts';
import { createTeam, listTeams, removeTeam, updateTeam } from './teams.ts';
import {
  confirmSecondFactor,
  getSecurity,
  removeSecondFactor,
  resetSecondFactor,
  startSecondFactor,
  updateSecurity,
} from './second-factor.ts';
import { endSignIn, listSignIns } from './sign-ins.ts';
import { createToken, listTokens, revokeToken } from './tokens.ts';

export const handlers: readonly Handler[] = [
  checkLink,
  setUp,
  acceptLink,
  login,
  refresh,
  logout,
  me,
  changePassword,
  startSecondFactor,
  confirmSecondFactor,
  removeSecondFactor,
  resetSecondFactor,
  getSecurity,
  updateSecurity,
  listSignIns,
  endSignIn,
  listMembers,
  getMember,
  createMember,
  updateMember,
  removeMember,
  inviteAgain,
  listTeams,
  createTeam,
  updateTeam,
  removeTeam,
  listRoles,
  createRole,
  updateRole,
  removeRole,
  listGrants,
  createGrant,
  removeGrant,
  explainAccess,
  listAccess,
  previewGrant,
  listLimits,
  createLimit,
  updateLimit,
  removeLimit,
  listTokens,
  createToken,
  revokeToken,
  listServers,
  getServer,
  createServer,
  updateServer,
  removeServer,
  listServerTools,
  checkServer,
  restartServer,
  serverLogs,
  listPolicies,
  createPolicy,
  updatePolicy,
  removePolicy,
  listDetectors,
  listMessages,
  getMessage,
  getOverview,
  listAudit,
  exportAudit,
  readAuditLog,
  verifyAudit,
  proveAuditEntry,
  proveAudited,
  listAuditCalls,
  getAuditRules,
  updateAuditRules,
  listAuditKeys,
  rotateAuditKey,
  getLegalHold,
  setLegalHold,
  endLegalHold,
];
