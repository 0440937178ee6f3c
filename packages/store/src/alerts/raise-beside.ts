// Alerts in the transaction of the messages that raised them. What no database would take is left out: it lies with its
// message all the same, and must not hold up the record.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { RaisedAlert } from '@mcpvault/domain/alerts/alert';
import type { Ask } from '../audit/log-end.ts';
import { isAboutContent } from '../database-failure.ts';
import { raiseAlerts } from './raise-alerts.ts';

export async function raiseBeside(
  ask: Ask,
  raised: readonly RaisedAlert[],
  ambient: Pick<Ambient, 'ids'>,
): Promise<void> {
  if (raised.length === 0) return;
  await ask({ name: 'alerts-begin', text: 'savepoint alerts', values: [] });
  try {
    await raiseAlerts(ask, raised, ambient);
  } catch (error) {
    if (!isAboutContent(error)) throw error;
    await ask({ name: 'alerts-undo', text: 'rollback to savepoint alerts', values: [] });
  }
}
