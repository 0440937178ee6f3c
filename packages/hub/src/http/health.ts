// Is it alive, and is it ready? For whoever decides where requests go: no sign-in, no details.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '@mcpvault/domain/ambient';

export type ComponentState = 'ok' | 'failing' | 'stopping' | 'starting';

export interface Health {
  handle(request: IncomingMessage, response: ServerResponse, path: '/livez' | '/readyz'): void;
}

/** Each component's own check; rejecting means failing. */
export type Checks = Readonly<
  Record<'database' | 'journal' | 'gateway', () => ComponentState | Promise<ComponentState>>
>;

/** Asking often must not become a burden to what is asked about. */
const freshForMs = 1000;

export function createHealth(checks: Checks, clock: Clock): Health {
  let last: { readonly at: number; readonly components: Promise<Record<string, ComponentState>> } | null = null;

  function components(): Promise<Record<string, ComponentState>> {
    const now = clock.now();
    if (last === null || now - last.at >= freshForMs) last = { at: now, components: ask(checks) };
    return last.components;
  }

  async function answer(response: ServerResponse): Promise<void> {
    // The gateway's own state costs nothing to ask for, and must be seen at once when the hub begins to stop.
    const found = { ...(await components()), gateway: await checks.gateway() };
    const ready = Object.values(found).every((state) => state === 'ok');
    const shown = Object.fromEntries(Object.entries(found).map(([name, status]) => [name, { status }]));
    write(response, ready ? 200 : 503, { status: ready ? 'ready' : 'unavailable', components: shown });
  }

  return {
    handle(request, response, path) {
      if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { allow: 'GET, HEAD' }).end();
      } else if (path === '/livez') {
        write(response, 200, { status: 'alive' });
      } else {
        void answer(response);
      }
    },
  };
}

async function ask(checks: Checks): Promise<Record<string, ComponentState>> {
  const entries = Object.entries(checks).map(async ([name, check]) => {
    try {
      return [name, await check()] as const;
    } catch {
      return [name, 'failing'] as const;
    }
  });
  return Object.fromEntries(await Promise.all(entries));
}

function write(response: ServerResponse, status: number, body: object): void {
  const text = `${JSON.stringify(body)}\n`;
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(text),
      'cache-control': 'no-store',
    })
    .end(text);
}
