// A real OpenID provider, in a process of its own: it knows the people it was told of, lets them sign in with their name, and
// tells clients when they leave. Started by `oidc-peer.ts`.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
// @ts-ignore: the library brings no types of its own.
import Provider from 'oidc-provider';

interface Person {
  readonly email?: string;
  readonly email_verified?: boolean;
  readonly name?: string;
  readonly groups?: readonly string[];
}

const { client, secret, redirectUri, logoutUri, people } = JSON.parse(process.argv[2] ?? '{}') as {
  readonly client: string;
  readonly secret: string;
  readonly redirectUri: string;
  readonly logoutUri: string;
  readonly people: Readonly<Record<string, Person>>;
};

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: client,
        client_secret: secret,
        redirect_uris: [redirectUri],
        backchannel_logout_uri: logoutUri,
        backchannel_logout_session_required: true,
        post_logout_redirect_uris: [],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'], groups: ['groups'] },
    scopes: ['openid', 'email', 'profile', 'groups'],
    features: { backchannelLogout: { enabled: true }, devInteractions: { enabled: true } },
    cookies: { keys: ['only for tests'] },
    pkce: { required: () => true },
    // The library sends nothing to addresses of this machine by itself; the hub under test has no other.
    fetch: (url: string, { dispatcher: _, ...rest }: RequestInit & { dispatcher?: unknown }) => fetch(url, rest),
    findAccount: (_: unknown, id: string) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  });
  server.on('request', provider.callback());
  process.stdout.write(`${JSON.stringify({ issuer })}\n`);
});
process.once('disconnect', () => process.exit(0));
