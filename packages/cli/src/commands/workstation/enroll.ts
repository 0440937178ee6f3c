import { readFile } from 'node:fs/promises';
import { describeComputer } from '@mcpvault/workstation/enrolment/describe-computer';
import { type Enrolment, readEnrolment, writeEnrolment } from '@mcpvault/workstation/enrolment/enrolment';
import { LinkFailure } from '@mcpvault/workstation/link/link-failure';
import { credentialName } from '@mcpvault/workstation/link/signed-in-link';
import type { Answers } from '@mcpvault/protocol/hub-link/link';
import type { AboutWorkstation } from '@mcpvault/protocol/hub-link/enrolment';
import { Command } from 'commander';
import { ambientOf } from '../../ambient-of.ts';
import { CommandFailure } from '../../command-failure.ts';
import { isReadableOnTheWay } from '../../credentials/hub-url.ts';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { safeLine } from '../../output/safe-text.ts';
import { version } from '../../version.ts';
import { stateOf, vaultFor } from '../../workstation/state-of.ts';
import { addExamples } from '../examples.ts';
import { explained } from './carry-out.ts';
import { linkFailure } from './link-failure.ts';
import { thisMachine } from './this-machine.ts';

interface EnrollChoice {
  readonly name?: string;
  readonly key?: string;
  readonly keyFile?: string;
  readonly member?: string;
  readonly dryRun?: boolean;
  readonly yes?: boolean;
}

export function enrollCommand(host: Host): Command {
  const command = new Command('enroll')
    .description('Let this computer belong to a hub: shows first what the hub will be told')
    .option('--name <name>', 'what the computer is to be called (default: its own name)')
    .option('--key <key>', 'an enrolment key, instead of your sign-in; better in MCPVAULT_ENROLMENT_KEY or a file')
    .option('--key-file <file>', 'a file that holds the enrolment key')
    .option('--member <email>', 'whose computer it is, where the key does not say')
    .option('--dry-run', 'show what would be sent, and send nothing')
    .option('-y, --yes', 'do not ask')
    .action(action(host, enroll));
  return addExamples(
    command,
    { command: 'mcpvault workstation enroll --hub https://mcp.example.org', does: 'With the sign-in of this account' },
    {
      command: 'mcpvault workstation enroll --key-file /etc/mcpvault/key --member ada@example.org --yes',
      does: 'From a script of device management',
    },
  );
}

async function enroll(run: Invocation, choice: EnrollChoice): Promise<Outcome> {
  return explained<Outcome>(async () => {
    const { io, out } = run;
    const hub = await run.hub();
    if (isReadableOnTheWay(hub)) out.warn(`The connection to ${hub} is not encrypted: what is sent can be read.`);
    const state = stateOf(io);
    const about = await describeComputer(
      {
        platform: thisMachine(io).platform,
        architecture: io.machine.arch,
        agentVersion: version,
        state,
        random: ambientOf(io).random,
      },
      choice.name,
    );
    if (choice.dryRun === true) {
      out.result({ hub, about }, () => told(hub, about));
      return 'ok';
    }
    const bearer = await bearerFor(run, choice, hub);
    if (choice.yes !== true) io.stderr.write(`${told(hub, about)}\n`);
    if (!(await run.confirm('Enrol this computer?', choice.yes))) {
      out.note('Nothing was sent.');
      return 'general';
    }
    const { createAskHub } = await import('@mcpvault/workstation/link/hub-link');
    const ask = createAskHub({ hub, fetch: io.fetch, patience: run.settings.timeoutMs ?? 30_000 });
    const member = choice.member === undefined ? {} : { member: choice.member };
    const enrolled = await ask('enrol', { about, ...member }, { bearer }).catch((error: unknown) => {
      throw error instanceof LinkFailure ? linkFailure(error, hub) : error;
    });
    if (enrolled === null)
      throw new CommandFailure('general', 'invalid', 'The hub answered a question that was not asked.');
    await keep(run, hub, enrolled, about);
    const { organization, workstation } = enrolled;
    const vault = (await vaultFor(io)).kind;
    out.result({ hub, workstation, organization, member: enrolled.member, credentialKept: vault }, () =>
      [
        `This computer belongs to ${safeLine(organization.name)} now, as ${workstation} of ${safeLine(enrolled.member.email)}.`,
        'Start its agent with: mcpvault workstation run',
      ].join('\n'),
    );
    return 'ok';
  });
}

async function keep(run: Invocation, hub: string, enrolled: Answers<'enrol'>, about: AboutWorkstation): Promise<void> {
  const { io } = run;
  const state = stateOf(io);
  const before = await readEnrolment(state.enrolment).catch(() => null);
  const isSame = before?.workstation === enrolled.workstation && before.hub === hub;
  await (await vaultFor(io)).set(credentialName, enrolled.credential);
  const { workstation, organization, member, keys, pollSeconds } = enrolled;
  const since = isSame ? before.since : io.clock.now();
  await writeEnrolment(state.enrolment, {
    ...{ hub, workstation, organization, member, keys, pollSeconds, since, about },
  } satisfies Enrolment);
}

/** An enrolment key where one is given; else whoever is signed in. */
async function bearerFor(run: Invocation, choice: EnrollChoice, hub: string): Promise<string> {
  const { io } = run;
  const fromFile =
    choice.keyFile === undefined
      ? undefined
      : await readFile(choice.keyFile, 'utf8').catch(() => {
          throw new CommandFailure('usage', 'key_unreadable', `${choice.keyFile ?? ''} cannot be read.`);
        });
  const key = (choice.key ?? fromFile ?? io.env.MCPVAULT_ENROLMENT_KEY ?? '').trim();
  if (key !== '') return key;
  const { createBearers } = await import('../../connection/bearers.ts');
  const { refreshSignIn } = await import('../../bridge/refresh-sign-in.ts');
  const bearers = createBearers({
    ...{ io, hub, store: run.credentials },
    refresh: (refreshToken) => refreshSignIn(io, hub, refreshToken),
  });
  const bearer = await bearers.current();
  if (bearer !== null && bearer !== '') return bearer;
  throw new CommandFailure('not_signed_in', 'not_signed_in', `Nobody is signed in at ${hub}.`, {
    fix: `Sign in with “mcpvault login --hub ${hub}”, or give an enrolment key with --key-file.`,
  });
}

function told(hub: string, about: AboutWorkstation): string {
  const lines = Object.entries(about).map(([name, value]) => {
    const text = Array.isArray(value) ? value.join(', ') : String(value);
    return `  ${name.padEnd(14)} ${safeLine(text)}`;
  });
  return [
    `${hub} will be told of this computer:`,
    ...lines,
    'and, once its agent runs, what its scans find and what passes its bridges.',
  ].join('\n');
}
