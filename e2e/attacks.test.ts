// The attacks that the specification's security pages warn of, and those that others in the field were hit by: each has a test
// named after it, somewhere beside the code or among the scenarios. What is listed here and tested nowhere fails.
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';

/** What the security pages of the specification and of authorization warn of: the name of its tests, and the duty. */
const warnedOf: Readonly<Record<string, string>> = {
  'confused deputy': 'a page of its own asks the member for each client, before anything is sent on',
  'token passthrough': 'the client’s token goes no further, and each hop has its own',
  'token for another audience': 'a token is taken only where it was made for',
  SSRF: 'what others name is fetched only from public places, each hop judged',
  'DNS rebinding': 'the address that was judged is the one that is connected to; Host and Origin are checked',
  'session hijack': 'a session authenticates nobody, and is its member’s own',
  'state hijack': 'a sealed state opens for its member and its request alone',
  'task hijack': 'a task is its caller’s own',
  'local server compromise': 'what runs on a workstation is shown and judged',
  'spawning from a page': 'no page gets a process started',
  'OAuth URL handling': 'only web pages are opened',
  'mix-up': 'who answers is who was asked',
  'localhost redirect': 'the member is told where the answer goes',
  'scope minimization': 'scopes begin small, and what lacks is named',
  'open redirect': 'only registered addresses are sent to',
  'code injection': 'a code is worth nothing without its verifier',
  'PKCE downgrade': 'there is no code without S256',
  'CSRF on consent': 'only the member’s own browser answers',
  'sign-in phishing': 'who finishes a sign-in at a server is who began it',
  'header and body disagree': 'headers repeat the body, or the message is refused',
  'cache leak': 'no list of one member is shown to another',
  'icons and annotations': 'nothing that a server claims is fetched or believed',
  'sensitive form': 'forms that ask for secrets can be kept from people',
};

/** What others in the field were hit by. */
const others: Readonly<Record<string, string>> = {
  'command injection': 'registering or trying a server ran whatever command it was given',
  'secrets in logs': 'what guards saw was logged with the credentials in it',
  'header bypass': 'a header with a known value let its sender in, and chose the server',
  'cross-member connection use': 'a sign-in of one member served another',
  'backend leak': 'addresses and commands of servers were shown to whoever uses them',
  'body re-authorization': 'what was judged was not what the server read',
  'SSRF on registration': 'a server could be registered at an address of the cloud',
  'script-scheme link': 'an address that a client registered was a script',
  'default secrets': 'installations came with a secret that everybody knows',
  'rate-limit oracle': 'limits told what is there from what is not',
  'policy error': 'a policy that failed let the message pass',
  'open by default': 'endpoints answered whoever asked',
  'replay that acts': 'a replay of recorded calls called the servers again',
};

const titles = titlesOfTests();

for (const [where, list] of [
  ['the specification warns of', warnedOf],
  ['others were hit by', others],
] as const) {
  test(`every attack that ${where} has a test of its name`, () => {
    const missing = Object.keys(list).filter((name) => !titles.some((title) => title.startsWith(`${name}: `)));
    assert.deepEqual(missing, []);
  });
}

function titlesOfTests(): readonly string[] {
  const root = new URL('../', import.meta.url);
  const files = globSync(['packages/*/src/**/*.test.ts', 'e2e/scenarios/*.e2e.ts'], { cwd: root });
  assert.ok(files.length > 100, 'the tests were found');
  return files.flatMap((file) =>
    [...readFileSync(new URL(file, root), 'utf8').matchAll(/\btest\(\s*(['`])(.*?)\1/g)].map((found) => found[2] ?? ''),
  );
}
