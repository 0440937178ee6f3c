import { Command } from 'commander';
import { CommandFailure, usageFailure } from '../../command-failure.ts';
import type { Credential } from '../../credentials/credential-store.ts';
import { isReadableOnTheWay } from '../../credentials/hub-url.ts';
import { action, type Host, type Invocation } from '../../invocation.ts';
import { readSecret } from '../../terminal/read-secret.ts';
import { addExamples } from '../examples.ts';

interface LoginOptions {
  /** False with --no-browser. */
  readonly browser: boolean;
  readonly device?: boolean;
  readonly password?: boolean;
  readonly email?: string;
  readonly passwordStdin?: boolean;
  readonly code?: string;
  readonly token?: string | true;
}

export function loginCommand(host: Host): Command {
  const command = new Command('login')
    .description('Sign in to a hub: in a browser, with e-mail and password, or with a personal token')
    .option('--device', 'sign in in a browser, even where nobody can be asked here; what a terminal does by itself')
    .option('--no-browser', 'open no browser: only print the page')
    .option('--password', 'ask for e-mail and password here')
    .option('--email <email>', 'sign in as this member, with a password')
    .option('--password-stdin', 'read the password from standard input')
    .option('--code <code>', 'the code of your authenticator app, or a recovery code; asked for where it is needed')
    .option(
      '--token [token]',
      'keep this personal token instead; asked for, or read from standard input, when left out',
    )
    .action(action(host, login));
  return addExamples(
    command,
    { command: 'mcpvault login', does: 'Sign in to the hub of this machine, in the browser' },
    { command: 'mcpvault login --hub https://mcp.example.org --email ada@example.org', does: 'Sign in to another hub' },
    {
      command: 'mcpvault login --device --no-browser',
      does: 'Sign in on a machine without a browser, with another one',
    },
    { command: 'mcpvault login --token < token.txt', does: 'Keep a personal token, for a machine without a person' },
  );
}

async function login(run: Invocation, options: LoginOptions): Promise<void> {
  const way = chosenWay(run, options);
  const hub = await run.hub();
  if (isReadableOnTheWay(hub))
    run.out.warn(`The connection to ${hub} is not encrypted: what you sign in with can be read.`);
  if (options.token !== undefined) await keepToken(run, hub, options.token);
  else if (way === 'password' || !(await signedInByBrowser(run, hub, options))) await signIn(run, hub, options);
}

function chosenWay({ settings }: Invocation, options: LoginOptions): 'token' | 'password' | 'browser' {
  const { email, passwordStdin, password, code, token, device } = options;
  const byPassword = email !== undefined || passwordStdin || password || code !== undefined;
  if ([byPassword, token !== undefined, device].filter(Boolean).length > 1) {
    throw usageFailure('A sign-in is either by --token, or by --device, or by e-mail and password.');
  }
  if (token !== undefined) return 'token';
  if (byPassword) return 'password';
  if (device || settings.asks) return 'browser';
  throw usageFailure(
    'Nobody can be asked here.',
    'Give --device to sign in in a browser elsewhere, --email and --password-stdin, or --token.',
  );
}

/** False where the hub offers none. */
async function signedInByBrowser(run: Invocation, hub: string, { browser }: LoginOptions): Promise<boolean> {
  run.out.note(`Signing in to ${hub}`);
  const { signInByBrowser } = await import('./sign-in-by-browser.ts');
  const pair = await signInByBrowser(run, await run.connect(), { opens: browser });
  if (pair === null) {
    run.out.note('This hub offers no sign-in in a browser.');
    return false;
  }
  const { signInFrom } = await import('../../connection/bearers.ts');
  await keep(run, hub, signInFrom('', pair, run.io));
  return true;
}

async function signIn(run: Invocation, hub: string, options: LoginOptions): Promise<void> {
  run.out.note(`Signing in to ${hub}`);
  const email = options.email ?? (await run.ask('E-mail:', 'Give it with --email.'));
  const password = options.passwordStdin
    ? await readSecret(run.io)
    : await run.askHidden('Password:', 'Give it with --password-stdin.');
  const connection = await run.connect();
  const given = { email: email.trim(), password };
  const pair = await connection.call('login', { ...given, code: options.code }).catch(async (error: unknown) => {
    if (!(error instanceof CommandFailure) || error.code !== 'second_factor_required') throw error;
    if (options.code !== undefined) throw error;
    const code = await run.ask('Code of your authenticator app:', 'Give it with --code.');
    return connection.call('login', { ...given, code: code.trim() });
  });
  const { signInFrom } = await import('../../connection/bearers.ts');
  await keep(run, hub, signInFrom(email.trim(), pair, run.io));
}

/** The token is tried before it is kept. */
async function keepToken(run: Invocation, hub: string, given: string | true): Promise<void> {
  const token = given === true ? await readToken(run) : given;
  if (token === '') throw usageFailure('The token is empty.');
  await keep(run, hub, { kind: 'token', token });
}

function readToken(run: Invocation): Promise<string> {
  return run.io.stdin.isTTY ? run.askHidden('Token:', 'Give it on standard input.') : readSecret(run.io);
}

/** Asks the hub who that is, so that only what works is stored. */
async function keep(run: Invocation, hub: string, credential: Credential): Promise<void> {
  const connection = await run.connect(undefined, credential);
  const { member, organization } = await connection.call('me', {});
  await run.credentials.set(hub, credential.kind === 'token' ? credential : { ...credential, email: member.email });
  run.out.result({ hub, member, organization }, () => `Signed in to ${hub} as ${member.name} (${member.email}).`);
}
