// `mcpvault audit`: who did what, and the proof that nobody edited the record.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { auditKeysCommand, rotateAuditKeyCommand } from './audit-keys.ts';
import { auditRulesCommand } from './audit-rules.ts';
import { bundleCommand } from './bundle-evidence.ts';
import { destinationsCommand } from './destinations/destinations.ts';
import { exportAuditCommand } from './export-audit.ts';
import { holdCommand, releaseCommand } from './legal-hold.ts';
import { listCallsCommand } from './list-calls.ts';
import { listAuditCommand } from './list-audit.ts';
import { proveCommand } from './prove-audited.ts';
import { verifyAuditCommand } from './verify-audit.ts';

export function auditCommand(host: Host): Command {
  return new Command('audit')
    .description('Read the audit log, export it, and prove that it is whole')
    .addCommand(listAuditCommand(host))
    .addCommand(listCallsCommand(host))
    .addCommand(exportAuditCommand(host))
    .addCommand(bundleCommand(host))
    .addCommand(verifyAuditCommand(host))
    .addCommand(proveCommand(host))
    .addCommand(auditKeysCommand(host))
    .addCommand(rotateAuditKeyCommand(host))
    .addCommand(destinationsCommand(host))
    .addCommand(auditRulesCommand(host))
    .addCommand(holdCommand(host))
    .addCommand(releaseCommand(host));
}
