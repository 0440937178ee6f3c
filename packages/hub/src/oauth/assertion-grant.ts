// The grant type by which a client brings what an identity provider signed (RFC 7523): what of it concerns the library.
import type { Context, default as OidcProvider, TokenParams } from 'oidc-provider';
import type { AssertedGrants } from './asserted-grants.ts';
import { GrantRefused } from './asserted-grants.ts';
import { errors } from './library.ts';

export const assertionGrantType = 'urn:ietf:params:oauth:grant-type:jwt-bearer';
/** What the metadata say, so that clients know which grants are meant. */
export const grantProfile = 'urn:ietf:params:oauth:grant-profile:id-jag';

export interface AssertionGrantDeps {
  readonly grants: AssertedGrants;
  resourceServer(resource: string, client: Context['oidc']['client']): Promise<object>;
}

export function addAssertionGrant(provider: OidcProvider, { grants, resourceServer }: AssertionGrantDeps): void {
  const handle = async (ctx: Context & { body: unknown }): Promise<void> => {
    const { client, params } = ctx.oidc;
    // Whoever proves nothing could use a grant that was meant for somebody else.
    if (client.clientAuthMethod !== 'private_key_jwt') {
      throw new errors.UnauthorizedClient('this grant is open to clients that prove who they are (private_key_jwt)');
    }
    const connected = await accepted(grants, client, params);
    const token = new provider.AccessToken({
      accountId: `${connected.organization}/${connected.member}`,
      client,
      grantId: connected.id,
      gty: 'jwt-bearer',
    });
    token.resourceServer = new provider.ResourceServer(
      connected.resource,
      await resourceServer(connected.resource, client),
    );
    token.scope = connected.scopes.join(' ');
    const value = await token.save();
    const { expiration: expires_in, tokenType: token_type, scope } = token;
    ctx.body = { access_token: value, expires_in, token_type, scope };
  };
  provider.registerGrantType(assertionGrantType, handle, ['assertion', 'scope', 'resource']);
}

async function accepted(grants: AssertedGrants, client: Context['oidc']['client'], params: TokenParams) {
  const { assertion, scope, resource } = params;
  if (typeof assertion !== 'string' || assertion === '') throw new errors.InvalidRequest('there is no assertion');
  const { clientId: id, clientName: name = id } = client;
  try {
    return await grants.accept({ assertion, client: { id, name: name.slice(0, 200) }, resource, scope });
  } catch (error) {
    if (error instanceof GrantRefused) throw new errors.CustomOIDCProviderError(error.error, error.message);
    throw error;
  }
}
