// `mcpvault alerts`: what policies noticed about messages, and what MCPVault noticed about itself.
import { Command } from 'commander';
import type { Host } from '../../invocation.ts';
import { changeAlertsCommand, commentAlertCommand } from './change-alerts.ts';
import { listAlertsCommand } from './list-alerts.ts';
import { showAlertCommand } from './show-alert.ts';

export function alertsCommand(host: Host): Command {
  return new Command('alerts')
    .description('See alerts, and say what became of them')
    .addCommand(listAlertsCommand(host))
    .addCommand(showAlertCommand(host))
    .addCommand(changeAlertsCommand(host, 'ack'))
    .addCommand(changeAlertsCommand(host, 'resolve'))
    .addCommand(changeAlertsCommand(host, 'dismiss'))
    .addCommand(changeAlertsCommand(host, 'reopen'))
    .addCommand(commentAlertCommand(host));
}
