import { Command } from 'commander';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { explained } from './carry-out.ts';

interface OpenChoice {
  /** False with --no-browser. */
  readonly browser?: boolean;
}

export function openCommand(host: Host): Command {
  const command = new Command('open')
    .description(
      'Show this computer in the browser: clients, servers, planned changes, jobs, messages, what the hub is told',
    )
    .option('--no-browser', 'only say the address')
    .action(action(host, openPage));
  return addExamples(command, {
    command: 'mcpvault workstation open',
    does: 'On this computer only, until Ctrl-C; the address holds the key to it',
  });
}

async function openPage(run: Invocation, { browser }: OpenChoice): Promise<Outcome> {
  return explained<Outcome>(async () => {
    const { io, out } = run;
    const { openLocalPage } = await import('@mcpvault/workstation/page/local-page');
    const { pageState } = await import('../../workstation/page-state.ts');
    const { jobsOf } = await import('../../workstation/jobs-of.ts');
    const page = await openLocalPage({
      key: Buffer.from(io.randomBytes(32)).toString('base64url'),
      read: () => pageState(io),
      async say(id, consent) {
        const known = await jobsOf(io).find(id);
        if (known === null || known.outcome !== null || !known.asks || known.consent !== null) return false;
        await jobsOf(io).keep({ ...known, consent });
        return true;
      },
    });
    try {
      out.result({ url: page.url }, () => page.url);
      if (browser !== false) await io.openBrowser(page.url);
      out.note('Open for this computer only. Ctrl-C closes it.');
      if (!io.interrupted.aborted) await new Promise((resolve) => io.interrupted.addEventListener('abort', resolve));
    } finally {
      await page.close();
    }
    return 'ok';
  });
}
