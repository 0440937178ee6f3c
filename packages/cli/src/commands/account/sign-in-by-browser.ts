import type { TokenPair } from '../../connection/bearers.ts';
import type { HubConnection } from '../../connection/hub-connection.ts';
import type { Invocation } from '../../invocation.ts';

export interface BrowserChoice {
  /** False: the page is only named. */
  readonly opens: boolean;
}

/** null where the hub offers no sign-in through a browser. */
export async function signInByBrowser(
  run: Invocation,
  connection: HubConnection,
  { opens }: BrowserChoice,
): Promise<TokenPair | null> {
  const { beginDeviceSignIn } = await import('../../connection/device-sign-in.ts');
  const begun = await beginDeviceSignIn(connection, run.io);
  if (begun === null) return null;
  const { page, code, expiresAt } = begun.asked;
  const signIn = { page, code, expiresAt: new Date(expiresAt).toISOString() };
  run.out.prompt(
    { signIn },
    `Open this page in a browser, on this machine or another one, and sign in:\n\n  ${page}\n\nAllow it only if the page shows this code: ${code}\n`,
  );
  if (opens && (await run.io.openBrowser(page))) run.out.note('Your browser was asked to show it.');
  run.out.note('Waiting until you have allowed it …');
  const token = await begun.allowed();
  return connection.call('exchangeSignIn', { token });
}
