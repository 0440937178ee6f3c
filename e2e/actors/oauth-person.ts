// The person and the browser behind an OAuth sign-in, for real clients: follows the client's request to the page that asks,
// says what a member says there, and comes back with what the client is sent. Knows the hub only as a browser does.
import type { Hub } from './start-hub.ts';

export interface Asked {
  readonly client: {
    readonly id: string;
    readonly name: string;
    readonly knownBy: string;
    readonly host: string | null;
  };
  readonly redirect: { readonly uri: string; readonly host: string; readonly isLocal: boolean } | null;
  readonly resource: string;
  readonly server: string | null;
  readonly isSignIn: boolean;
  readonly scopes: readonly { readonly name: string; readonly text: string }[];
  readonly wasAllowed: boolean;
  readonly isRemembered: boolean;
}

export interface Person {
  /** Ends where the client's browser tab ends: at its redirect address, or where the hub refused (then `status` says so). */
  visit(address: string | URL, says?: Says): Promise<Visit>;
  /** Only the first step: where the client's request leads. */
  open(address: string | URL): Promise<Visit>;
  asked(interaction: string): Promise<Asked>;
  decide(interaction: string, says?: Says): Promise<{ readonly ticket: string }>;
  /** Brings the decision back with the cookies of this browser. */
  finish(interaction: string, ticket: string): Promise<Response>;
  /** Goes on from where the decision led. */
  follow(address: string): Promise<Visit>;
}

export interface Says {
  readonly allow?: boolean;
  readonly scopes?: readonly string[];
}

export interface Visit {
  readonly status: number;
  /** Where it was sent last; null where it was sent nowhere. */
  readonly location: URL | null;
  readonly text: string;
}

/** A browser of its own; signed in as whoever the access token belongs to. The admin's, where left out. */
export function createPerson(hub: Hub, accessToken?: string): Person {
  const cookies = new Map<string, { readonly value: string; readonly path: string }>();

  async function get(address: string | URL, init: RequestInit = {}): Promise<Response> {
    const url = new URL(address, hub.url);
    const sent = [...cookies].filter(([, { path }]) => url.pathname.startsWith(path));
    const headers = new Headers(init.headers);
    if (sent.length > 0) headers.set('cookie', sent.map(([name, { value }]) => `${name}=${value}`).join('; '));
    const answer = await fetch(url, { ...init, headers, redirect: 'manual' });
    for (const line of answer.headers.getSetCookie()) keep(line);
    return answer;
  }

  function keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const at = pair.indexOf('=');
    const path = attributes.find((each) => each.toLowerCase().startsWith('path='))?.slice(5) ?? '/';
    cookies.set(pair.slice(0, at), { value: pair.slice(at + 1), path });
  }

  async function follow(address: string | URL): Promise<Visit> {
    const answer = await get(address);
    const text = await answer.text();
    const location = answer.headers.get('location');
    return { status: answer.status, location: location === null ? null : new URL(location, hub.url), text };
  }

  const person: Person = {
    open: follow,
    follow,
    asked: (interaction) => hub.api('GET', `/api/v1/authorizations/${interaction}`, undefined, accessToken),
    decide: (interaction, { allow = true, scopes } = {}) =>
      hub.api('POST', `/api/v1/authorizations/${interaction}`, { allow, ...(scopes && { scopes }) }, accessToken),
    finish: (interaction, ticket) =>
      get(`/authorize/${interaction}/finish`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: hub.url },
        body: JSON.stringify({ ticket }),
      }),
    async visit(address, says) {
      const opened = await follow(address);
      const interaction = interactionIn(opened);
      if (interaction === null) return opened;
      const { ticket } = await person.decide(interaction, says);
      const finished = await person.finish(interaction, ticket);
      const { to } = (await finished.json()) as { readonly to: string };
      return follow(to);
    },
  };
  return person;
}

/** The id of what is asked, where a visit led to the page that asks. */
export function interactionIn({ location }: Visit): string | null {
  return /^\/authorize\/([\w-]+)$/.exec(location?.pathname ?? '')?.[1] ?? null;
}
