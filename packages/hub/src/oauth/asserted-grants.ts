// Enterprise-managed authorization: an identity provider says, in a signed grant of its own (ID-JAG), that a client may act for
// one of its people at one endpoint, and nobody is asked. Believed only from providers that an admin gave this power, about
// members who are known there, for this hub, this client and once.
import { createHash } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import type { MemberIdentity, IdentityProvider } from '@mcpvault/store/identity-providers-store';
import { announce } from '@mcpvault/store/change-feed';
import type { ConnectedClient } from '@mcpvault/store/connected-clients-store';
import { isActive } from '@mcpvault/store/members-store';
import type { Stores } from '@mcpvault/store/stores';
import { decodeJwt } from 'jose';
import type { AssertedGrant, OpenProvider, ProviderClient } from '../auth/single-sign-on/provider-client.ts';
import type { Change, Changes } from '../changes.ts';
import type { Resources } from './resources.ts';
import { askedScopes, scopes } from './scopes.ts';

export interface AssertedGrants {
  /** What was let in; lasts as long as one access token. Throws `GrantRefused`. */
  accept(request: GrantRequest): Promise<ConnectedClient>;
}

export interface GrantRequest {
  /** The provider's grant, not trusted. */
  readonly assertion: string;
  /** Who has proven that it is this client. */
  readonly client: { readonly id: string; readonly name: string };
  readonly resource: string | undefined;
  readonly scope: string | undefined;
}

/** `error` as RFC 6749 names it; the text is for the client's makers, and repeats nothing that was sent. */
export class GrantRefused extends Error {
  readonly error: 'invalid_grant' | 'invalid_target' | 'invalid_scope' | 'temporarily_unavailable';

  constructor(error: GrantRefused['error'], text: string) {
    super(text);
    this.name = 'GrantRefused';
    this.error = error;
  }
}

export interface AssertedGrantsDeps {
  /** This hub, as an audience. */
  readonly issuer: string;
  readonly providers: Pick<ProviderClient, 'grantIn'>;
  open(provider: IdentityProvider): OpenProvider;
  readonly stores: Stores;
  transaction<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
  readonly changes: Pick<Changes, 'announcement' | 'publish'>;
  readonly resources: Resources;
  readonly ambient: Ambient;
  /** Of an access token. */
  readonly lastsSeconds: number;
}

const longest = 10_000;
const action = 'authorizations.assert';

export function createAssertedGrants(deps: AssertedGrantsDeps): AssertedGrants {
  const { stores, ambient, resources } = deps;

  /** Those that an admin gave this power, of whichever organization; at least one. */
  async function trusted(assertion: string): Promise<readonly [IdentityProvider, ...IdentityProvider[]]> {
    const said = assertion.length > longest ? undefined : issuerIn(assertion);
    const found = said === undefined ? [] : await stores.identityProviders.byIssuer(said);
    const [first, ...others] = found.filter(({ enabled, rules }) => enabled && rules.letsClientsIn === true);
    if (first === undefined) throw refused('No identity provider that may let clients in made this grant.');
    return [first, ...others];
  }

  async function verified(provider: IdentityProvider, assertion: string): Promise<AssertedGrant> {
    try {
      return await deps.providers.grantIn(deps.open(provider), assertion, deps.issuer);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      if (error.code === 'invalid_request') throw refused(error.message);
      throw new GrantRefused('temporarily_unavailable', 'The identity provider could not be asked for its keys.');
    }
  }

  /** Providers of several organizations may be one and the same; the person must be known at exactly one of them. */
  async function personIn(providers: readonly IdentityProvider[], subject: string) {
    const known: { readonly provider: IdentityProvider; readonly identity: MemberIdentity }[] = [];
    for (const provider of providers) {
      const identity = await stores.identityProviders.identity(provider.id, subject);
      if (identity !== null) known.push({ provider, identity });
    }
    const [only, more] = known;
    if (only === undefined || more !== undefined) throw refused('Whom the grant speaks of is not known here.');
    return only;
  }

  async function letIn(
    { client, resource: asked, scope }: GrantRequest,
    grant: AssertedGrant,
    { provider, identity: { organization, member: id } }: Awaited<ReturnType<typeof personIn>>,
  ): Promise<ConnectedClient> {
    const now = ambient.clock.now();
    if (grant.client !== client.id) throw refused('The grant is for another client.');
    const { resource } = grant;
    if ((asked !== undefined && asked !== resource) || resources.endpointOf(resource) === null) {
      throw new GrantRefused('invalid_target', 'The grant is for another resource, or for none of this hub.');
    }
    const given = scopesOf(grant.scope, scope);
    const member = await stores.members.byId(organization, id);
    if (member === null || member.kind === 'service' || !isActive(member, now)) {
      throw refused('Whom the grant speaks of may not sign in here.');
    }
    const changed: Change[] = [];
    const connected = await deps.transaction(async (own) => {
      const hash = createHash('sha256').update(`asserted ${provider.id} ${grant.id}`).digest();
      const once = { hash, purpose: 'asserted' as const, organization, member: id, detail: null };
      if (!(await own.signInStates.keep({ ...once, expiresAt: grant.staleAt }))) {
        throw refused('The grant was used before.');
      }
      const made = await own.connectedClients.letInBy(provider.id, {
        id: ambient.ids.next('ccl'),
        organization,
        member: id,
        client: client.id,
        clientName: client.name,
        resource,
        scopes: given,
        createdAt: now,
        expiresAt: now + deps.lastsSeconds * 1000,
      });
      changed.push({ organization, area: 'connected-clients', id: made.id });
      const detail = { client: client.id, name: client.name, resource, scopes: given, provider: provider.id };
      await own.audit.append({ ...entry(organization), actor: id, subject: made.id, outcome: 'done', detail });
      await announce(own.executor, deps.changes.announcement(changed));
      return made;
    });
    await deps.changes.publish(changed);
    return connected;
  }

  function entry(organization: IdentityProvider['organization']) {
    return { id: ambient.ids.next('aud'), organization, at: ambient.clock.now(), action };
  }

  return {
    async accept(request) {
      const providers = await trusted(request.assertion);
      const grant = await verified(providers[0], request.assertion);
      const person = await personIn(providers, grant.subject);
      try {
        return await letIn(request, grant, person);
      } catch (error) {
        if (error instanceof GrantRefused) {
          const { organization, member, provider } = person.identity;
          const detail = { client: request.client.id, provider, why: error.message };
          await stores.audit.append({
            ...entry(organization),
            actor: member,
            subject: null,
            outcome: 'refused',
            detail,
          });
        }
        throw error;
      }
    },
  };
}

/** What both the provider and the client say; all that the provider says where the client says nothing. */
function scopesOf(granted: string | null, asked: string | undefined): readonly string[] {
  if (granted === null) return askedScopes(asked);
  const held = new Set(granted.split(' '));
  const wanted = asked === undefined || asked === '' ? null : new Set(asked.split(' '));
  const both = scopes.filter((scope) => held.has(scope) && (wanted === null || wanted.has(scope)));
  if (both.length > 0) return both;
  throw new GrantRefused('invalid_scope', 'The grant gives none of the scopes that were asked for.');
}

/** As it says itself; nothing is believed of it yet. */
function issuerIn(assertion: string): string | undefined {
  try {
    const { iss } = decodeJwt(assertion);
    return typeof iss === 'string' && iss.length <= 500 ? iss : undefined;
  } catch {
    return undefined;
  }
}

function refused(text: string): GrantRefused {
  return new GrantRefused('invalid_grant', text);
}
