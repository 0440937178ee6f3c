import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { KnownClient } from '@mcpvault/gateway/upstream/authorization/client-identity';
import type { Party, Tokens } from '@mcpvault/gateway/upstream/authorization/sign-in-flow';
import type { SealedText } from '@mcpvault/store/connections-store';

/** What a connection holds that nobody may read. */
export interface ConnectionSecret {
  readonly party: Party;
  readonly access: string;
  /** null where it cannot be renewed, or where MCPVault signs in as itself. */
  readonly refresh: string | null;
  readonly grant: 'authorization-code' | 'client-credentials';
  /** What was asked for, where the answer did not say what was given. */
  readonly scopes: readonly string[];
}

/** What a sign-in under way needs when the browser comes back. */
export interface SignInSecret {
  readonly party: Party;
  readonly verifier: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  /** Of the server when it began. */
  readonly url: string;
  readonly shared: boolean;
}

interface Kinds {
  readonly connection: ConnectionSecret;
  readonly 'sign-in': SignInSecret;
  readonly client: KnownClient;
}

/** `about` ties it to the one row that it belongs to. */
export function sealSecret<Kind extends keyof Kinds>(
  sealer: Pick<Sealer, 'seal'>,
  organization: OrganizationId,
  kind: Kind,
  about: string,
  secret: Kinds[Kind],
): SealedText {
  return sealer.seal(organization, `${kind} ${about}`, Buffer.from(JSON.stringify(secret)));
}

export function openSecret<Kind extends keyof Kinds>(
  sealer: Pick<Sealer, 'open'>,
  organization: OrganizationId,
  kind: Kind,
  about: string,
  { key, sealed }: SealedText,
): Kinds[Kind] {
  return JSON.parse(sealer.open(organization, `${kind} ${about}`, key, sealed).toString()) as Kinds[Kind];
}

/** What is kept of fresh tokens; what was asked for counts as given where the answer says nothing else. */
export function secretOf(
  tokens: Tokens,
  { party, grant, scopes }: Pick<ConnectionSecret, 'party' | 'grant' | 'scopes'>,
): ConnectionSecret {
  return { party, grant, access: tokens.access, refresh: tokens.refresh, scopes: tokens.scopes ?? scopes };
}
