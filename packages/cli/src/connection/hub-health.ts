// What the hub says of itself at /readyz, which needs no sign-in.
import { hubFailure, notAHub } from './hub-failure.ts';
import type { HubConnection } from './hub-connection.ts';

export interface HubHealth {
  readonly ready: boolean;
  readonly components: readonly {
    readonly name: string;
    readonly ready: boolean;
    /** Why it is not. */
    readonly reason: string | null;
  }[];
}

export async function readHealth({ hub, fetch }: Pick<HubConnection, 'hub' | 'fetch'>): Promise<HubHealth> {
  const response = await fetch(`${hub}/readyz`, { headers: { accept: 'application/json' } });
  const body: unknown = await response.json().catch((error: unknown) => {
    throw hubFailure(error, hub);
  });
  if (!isRecord(body) || !isRecord(body.components)) throw notAHub(hub);
  const components = Object.entries(body.components).map(([name, said]) => {
    const { status, reason } = isRecord(said) ? said : { status: said, reason: null };
    return { name, ready: status === 'ready', reason: typeof reason === 'string' ? reason : null };
  });
  return { ready: response.ok, components };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
