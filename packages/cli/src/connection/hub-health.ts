// What the hub says of itself at /readyz, which needs no sign-in.
import { hubFailure, notAHub } from './hub-failure.ts';
import type { HubConnection } from './hub-connection.ts';

export interface HubHealth {
  readonly ready: boolean;
  readonly components: readonly {
    readonly name: string;
    /** `ok`, or what it is instead, such as `failing` or `stopping`. */
    readonly status: string;
  }[];
}

export async function readHealth({ hub, fetch }: Pick<HubConnection, 'hub' | 'fetch'>): Promise<HubHealth> {
  const response = await fetch(`${hub}/readyz`, { headers: { accept: 'application/json' } });
  const body: unknown = await response.json().catch((error: unknown) => {
    throw hubFailure(error, hub);
  });
  if (!isRecord(body) || !isRecord(body.components)) throw notAHub(hub);
  const components = Object.entries(body.components).map(([name, said]) => ({
    name,
    status: isRecord(said) && typeof said.status === 'string' ? said.status : 'unknown',
  }));
  return { ready: response.ok, components };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
