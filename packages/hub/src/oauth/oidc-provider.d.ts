// The part of the library that is used here, as its source has it; it brings no types of its own.
declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http';

  interface Client {
    readonly clientId: string;
    readonly clientName?: string;
    readonly clientUri?: string;
    readonly redirectUris?: readonly string[];
    readonly clientAuthMethod: string;
    grantTypeAllowed(type: string): boolean;
  }

  interface Interaction {
    readonly uid: string;
    readonly exp: number;
    readonly returnTo: string;
    readonly params: Readonly<Record<string, unknown>>;
    result?: Readonly<Record<string, unknown>>;
    save(seconds: number): Promise<string>;
  }

  /** As the client sent them. */
  interface TokenParams {
    readonly assertion?: string;
    readonly scope?: string;
    readonly resource?: string;
  }

  interface Token {
    readonly grantId?: string;
    readonly accountId?: string;
    readonly remainingTTL: number;
  }

  interface Context {
    readonly oidc: {
      readonly entities: { readonly RotatedRefreshToken?: Token };
      /** Who has shown, at the token endpoint, that it is this client. */
      readonly client: Client;
      readonly params: TokenParams;
    };
    type: string;
    status: number;
    body: unknown;
    set(name: string, value: string): void;
  }

  /** A request on its way through; before its client is known there is less of it. */
  interface Passing {
    readonly req: object;
    readonly status: number;
    body: unknown;
    readonly oidc?: { readonly client?: Client };
  }

  interface IssuedToken {
    resourceServer: object;
    scope: string;
    /** Seconds. */
    readonly expiration: number;
    readonly tokenType: string;
    save(): Promise<string>;
  }

  export default class Provider {
    constructor(issuer: string, configuration: object);
    proxy: boolean;
    readonly AccessToken: new (
      of: object,
    ) => IssuedToken;
    readonly ResourceServer: new (
      identifier: string,
      about: object,
    ) => object;
    registerGrantType(name: string, handler: (ctx: Context) => Promise<void>, params: readonly string[]): void;
    readonly Client: { find(id: string): Promise<Client | undefined> };
    use(step: (ctx: Passing, next: () => Promise<void>) => Promise<void>): void;
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    on(event: string, listener: (...args: never[]) => void): this;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
  }

  export const errors: {
    readonly CustomOIDCProviderError: new (error: string, description: string) => Error;
    readonly InvalidRequest: new (description: string) => Error;
    readonly UnauthorizedClient: new (description: string) => Error;
    readonly InvalidGrant: new (detail: string) => Error;
    readonly InvalidTarget: new () => Error;
    readonly InvalidClientMetadata: new (description: string) => Error;
  };
}
