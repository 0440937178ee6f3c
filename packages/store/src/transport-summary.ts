import type { AuthMode } from '@mcpvault/domain/catalog/upstream-auth';

/** What may be read of a transport without opening its seal. */
export type TransportSummary =
  | {
      readonly type: 'stdio';
      readonly command: string;
      /** How many; arguments may hold secrets. */
      readonly arguments: number;
      /** Names only. */
      readonly env: readonly string[];
    }
  | {
      readonly type: 'streamable-http' | 'sse' | 'websocket';
      /** Host and port; the rest of a URL may hold secrets. */
      readonly host: string;
      /** Names only. */
      readonly headers: readonly string[];
      /** Whose sign-in is used; left out where the server wants none. */
      readonly auth?: AuthMode | undefined;
    };
