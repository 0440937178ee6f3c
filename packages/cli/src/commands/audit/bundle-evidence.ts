import { mkdir, open, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Command } from 'commander';
import { usageFailure } from '../../command-failure.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { pastMoment } from '../moments.ts';
import { linesOf } from './export-audit.ts';

interface BundleOptions {
  readonly from?: string;
  readonly to?: string;
}

export function bundleCommand(host: Host): Command {
  const command = new Command('bundle')
    .description('Write evidence for a review: the log of a range, what is in force, and the signature under all of it')
    .argument('<folder>', 'a new or empty folder')
    .option('--from <time>', 'the log only from this time on: a day, a time, or a span back such as 90d')
    .option('--to <time>', 'the log only up to this time')
    .action(action(host, bundle));
  return addExamples(command, { command: 'mcpvault audit bundle review-2026 --from 365d', does: 'The last year' });
}

async function bundle(run: Invocation, folder: string, options: BundleOptions): Promise<void> {
  await demandEmpty(folder);
  const now = run.io.clock.now();
  const hub = await run.connect();
  const made = await hub.call('bundleEvidence', {
    from: options.from && pastMoment(options.from, now),
    to: options.to && pastMoment(options.to, now),
  });
  const { header, from, to, closing, files, manifest } = made;
  const log = await open(join(folder, 'audit.jsonl'), 'wx', 0o600);
  try {
    const write = (line: unknown) => log.appendFile(`${JSON.stringify(line)}\n`);
    await write(header);
    for await (const line of linesOf(hub, from, to, true)) await write(line);
    await write(closing);
  } finally {
    await log.close();
  }
  // The name is what the hub says, and stays in the folder.
  for (const { name, text } of files) {
    if (!/^[\w-]+\.[a-z]+$/.test(name)) throw new Error('the hub names a file that is none');
    await writeFile(join(folder, name), text, { flag: 'wx', mode: 0o600 });
  }
  await writeFile(join(folder, 'bundle.json'), `${JSON.stringify(manifest, null, 2)}\n`, { flag: 'wx', mode: 0o600 });
  run.out.result({ folder, entries: to - from, files: files.length + 2, key: manifest.key }, () =>
    [
      `${to - from} entries and ${files.length} files are in ${folder}.`,
      `Check it with: mcpvault audit verify ${folder}`,
    ].join('\n'),
  );
}

async function demandEmpty(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await readdir(folder)).length === 0) return;
  throw usageFailure(`The folder ${folder} is not empty.`, 'Name a new one.');
}
