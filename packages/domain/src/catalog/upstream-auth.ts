/** Whose sign-in MCPVault uses at a server: one for all who may use it, or each member's own. */
export type AuthMode = 'shared' | 'per-member';

/** What proves the client itself to an authorization server. */
export type ClientAuthMethod = 'none' | 'client_secret_basic' | 'client_secret_post' | 'private_key_jwt';

/** Signatures of `private_key_jwt`. */
export type ClientKeyAlgorithm = 'ES256' | 'ES384' | 'RS256' | 'PS256' | 'EdDSA';

/** A client that people registered at the authorization server by hand. Holds secrets. */
export interface GivenClient {
  readonly id: string;
  readonly secret?: string | undefined;
  /** A private key, PKCS #8 as PEM, and what it signs with. */
  readonly key?: string | undefined;
  readonly algorithm?: ClientKeyAlgorithm | undefined;
  /** Left out: the best that the authorization server takes and that is at hand. */
  readonly method?: ClientAuthMethod | undefined;
}

/** How MCPVault signs in at a server that wants OAuth. Part of a server's sealed definition. */
export interface UpstreamAuth {
  readonly mode: AuthMode;
  /** `authorization-code`: somebody signs in with a browser. `client-credentials`: MCPVault does, as itself; only shared. */
  readonly grant: 'authorization-code' | 'client-credentials';
  /** Left out: MCPVault makes itself known. */
  readonly client?: GivenClient | undefined;
  /** Asked for beside what the server demands. */
  readonly scopes?: readonly string[] | undefined;
  /** True for authorization servers that refuse the `resource` parameter of RFC 8707. */
  readonly omitResource?: boolean | undefined;
}
