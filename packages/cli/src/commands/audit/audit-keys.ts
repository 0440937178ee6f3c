import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { renderTable } from '../../output/table.ts';
import { relativeTime } from '../../output/words.ts';

export function auditKeysCommand(host: Host): Command {
  return new Command('keys')
    .description('List the public keys that sign the audit log; hand them to whoever checks exports')
    .action(action(host, listKeys));
}

async function listKeys(run: Invocation): Promise<void> {
  const hub = await run.connect();
  const keys = await hub.call('listAuditKeys', {});
  const now = run.io.clock.now();
  type Row = (typeof keys.items)[number];
  run.out.result(keys, () =>
    renderTable(
      keys.items,
      [
        { header: 'ID', value: (key: Row) => key.id },
        { header: 'PUBLIC KEY', value: (key: Row) => key.publicKey },
        { header: 'SINCE', value: (key: Row) => relativeTime(key.from, now) },
        { header: 'UNTIL', value: (key: Row) => (key.until === null ? 'in use' : relativeTime(key.until, now)) },
      ],
      run.out.style,
      run.out.width,
    ),
  );
}

export function rotateAuditKeyCommand(host: Host): Command {
  return new Command('rotate-key')
    .description('Sign with a new key from now on; what older keys signed stays good')
    .option('-y, --yes', 'do not ask')
    .action(action(host, rotateKey));
}

async function rotateKey(run: Invocation, options: { readonly yes?: boolean }): Promise<Outcome> {
  const question = 'Whoever checks exports will need the new public key as well. Go on?';
  if (!(await run.confirm(question, options.yes))) {
    run.out.note('Nothing was changed.');
    return 'general';
  }
  const hub = await run.connect();
  const key = await hub.call('rotateAuditKey', {});
  run.out.result(key, () => `The key ${key.id} signs from now on. Its public key: ${key.publicKey}`);
  return 'ok';
}
