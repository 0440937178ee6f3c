// The sign-in through a browser, as a fake hub offers it: what its person says is decided by the test.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

export interface FakeDevice {
  /** Whether the hub offers it at all. */
  isOffered: boolean;
  /** What the hub answers to each question in turn; the last one again and again. `allowed` gives the token. */
  answers: readonly (string | number)[];
  readonly asked: readonly Readonly<Record<string, string>>[];
  /** The token of a sign-in that was allowed. */
  readonly token: string;
  handle(request: IncomingMessage, response: ServerResponse, pathname: string): boolean;
}

export function createFakeDevice(): FakeDevice {
  const asked: Record<string, string>[] = [];
  let questions = 0;

  function answer(form: Readonly<Record<string, string>>): readonly [number, object] {
    if (form['device_code'] !== 'dev_secret') return [400, { error: 'invalid_grant' }];
    const said = device.answers[Math.min(questions++, device.answers.length - 1)] ?? 'allowed';
    if (typeof said === 'number') return [said, { error: 'server_error' }];
    return said === 'allowed' ? [200, { access_token: device.token, token_type: 'Bearer' }] : [400, { error: said }];
  }

  const device: FakeDevice = {
    isOffered: true,
    answers: ['authorization_pending', 'allowed'],
    asked,
    token: 'allowed_once',
    handle(request, response, pathname) {
      const origin = `http://${request.headers.host}`;
      const send = (status: number, body: object) =>
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      if (pathname === '/.well-known/oauth-authorization-server' && device.isOffered) {
        // A hub is often known under another name than the one it was asked by.
        const issuer = 'https://vault.example.org';
        send(200, {
          issuer,
          device_authorization_endpoint: `${issuer}/oauth/device`,
          token_endpoint: `${issuer}/oauth/token`,
        });
      } else if (pathname === '/oauth/device') {
        void text(request).then((body) => {
          asked.push(Object.fromEntries(new URLSearchParams(body)));
          send(200, {
            device_code: 'dev_secret',
            user_code: 'BCDF-GHJK',
            verification_uri: `${origin}/device`,
            verification_uri_complete: `${origin}/device?user_code=BCDF-GHJK`,
            expires_in: 600,
          });
        });
      } else if (pathname === '/oauth/token') {
        void text(request).then((body) => {
          const form = Object.fromEntries(new URLSearchParams(body));
          asked.push(form);
          send(...answer(form));
        });
      } else return false;
      return true;
    },
  };
  return device;
}
