// What is there while AI clients ask to be let in, made without their asking: for tests of the operations behind it.
import { createPrivateKey, sign } from 'node:crypto';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import { type OauthKey, signingKey } from '@mcpvault/store/oauth-keys';
import { artifactHash, userCodeHash } from '../oauth/adapter.ts';
import { commandLine } from '@mcpvault/contract/command-line';
import type { TestHub } from './test-hub.ts';

const minute = 60_000;

export async function oauthSamples(hub: TestHub, organization: OrganizationId, member: MemberId) {
  const { ids, clock } = hub.ambient;
  const now = clock.now();
  const expiresAt = now + 10 * minute;
  const asked = { client_id: commandLine.client, resource: 'http://hub.test/api', scope: 'sign-in' };
  const store = hub.stores.oauthArtifacts;
  const none = { connectedClient: null, userCode: null, expiresAt };

  const interaction = ids.next('asking');
  const payload = { params: { ...asked, resource: 'http://hub.test/mcp', scope: 'mcp' } };
  await store.put({ kind: 'Interaction', hash: artifactHash(interaction), payload, ...none });

  const code = ids.next('x').slice(-8).toUpperCase();
  await store.put({
    kind: 'DeviceCode',
    hash: artifactHash(ids.next('device')),
    payload: { clientId: commandLine.client, params: asked },
    ...none,
    userCode: userCodeHash(code),
  });

  const connect = async (resource: string) => {
    const id = ids.next('ccl');
    const what = { client: commandLine.client, clientName: 'Test', resource, scopes: ['mcp'] };
    await hub.stores.connectedClients.create({ id, organization, member, ...what, createdAt: now, expiresAt });
    return id;
  };
  const signIn = await connect('http://hub.test/api');
  const token = signedToken(signingKey(await hub.oauthKeys.all(), now), {
    iss: 'http://hub.test',
    sub: member,
    aud: 'http://hub.test/api',
    client_id: commandLine.client,
    scope: 'sign-in',
    jti: ids.next('jti'),
    iat: Math.floor(now / 1000),
    exp: Math.floor(now / 1000) + 60,
    organization,
    connected_client: signIn,
  });
  return { interaction, code, token, connected: await connect('http://hub.test/mcp') };
}

export function signedToken({ kid, x, y, d }: OauthKey, claims: object, header: object = {}): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const said = `${part({ alg: 'ES256', typ: 'at+jwt', kid, ...header })}.${part(claims)}`;
  const key = createPrivateKey({ key: { kty: 'EC', crv: 'P-256', x, y, d }, format: 'jwk' });
  return `${said}.${sign('sha256', Buffer.from(said), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
}
