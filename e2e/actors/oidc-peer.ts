// Starts the real OpenID provider that members sign in with, and fills in its pages as people do.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';

export interface OidcPeer extends AsyncDisposable {
  readonly issuer: string;
  /** On the provider's own pages: says who one is, and agrees. Resolves when the browser has left them. */
  signIn(page: Page, person: string): Promise<void>;
}

export interface OidcPeerOptions {
  readonly client: string;
  readonly secret: string;
  readonly redirectUri: string;
  readonly logoutUri: string;
  /** By the name they sign in with. */
  readonly people: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

const program = fileURLToPath(new URL('oidc-provider-process.ts', import.meta.url));

export async function startOidcPeer(options: OidcPeerOptions): Promise<OidcPeer> {
  const child = fork(program, [JSON.stringify(options)], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'] });
  let printed = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (printed += text));
  const exited = once(child, 'exit');
  const said = new Promise<string>((resolve) => {
    let text = '';
    child.stdout?.setEncoding('utf8').on('data', (more: string) => {
      text += more;
      if (text.includes('\n')) resolve(text);
    });
  });
  const first = await Promise.race([said, exited.then(() => null)]);
  if (first === null) throw new Error(`The OpenID provider did not start:\n${printed}`);
  const { issuer } = JSON.parse(first) as { issuer: string };
  return {
    issuer,
    async signIn(page, person) {
      await page.waitForURL((url) => url.origin === issuer && url.pathname.startsWith('/interaction/'));
      await page.getByPlaceholder('Enter any login').fill(person);
      await page.getByPlaceholder('and password').fill('any');
      await page.getByRole('button', { name: 'Sign-in' }).click();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.waitForURL((url) => url.origin !== issuer);
    },
    async [Symbol.asyncDispose]() {
      child.disconnect();
      await exited;
    },
  };
}
