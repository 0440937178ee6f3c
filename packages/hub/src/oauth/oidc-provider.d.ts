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

  interface Token {
    readonly grantId?: string;
    readonly accountId?: string;
    readonly remainingTTL: number;
  }

  interface Context {
    readonly oidc: { readonly entities: { readonly RotatedRefreshToken?: Token } };
    type: string;
    status: number;
    body: unknown;
    set(name: string, value: string): void;
  }

  export default class Provider {
    constructor(issuer: string, configuration: object);
    proxy: boolean;
    readonly Client: { find(id: string): Promise<Client | undefined> };
    callback(): (request: IncomingMessage, response: ServerResponse) => Promise<void>;
    on(event: string, listener: (...args: never[]) => void): this;
    interactionDetails(request: IncomingMessage, response: ServerResponse): Promise<Interaction>;
  }

  export const errors: {
    readonly InvalidGrant: new (detail: string) => Error;
    readonly InvalidTarget: new () => Error;
    readonly InvalidClientMetadata: new (description: string) => Error;
  };
}
