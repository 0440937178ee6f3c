// Who is signed in here, as tokens. The access token lives in memory only. The refresh token lies in localStorage: it is
// the one place that all tabs share, and because every refresh uses it up, tabs with copies of their own would look like
// a thief to the hub and end the sign-in. What a script on this page could steal it with is kept out by the content
// security policy (no inline code, nothing from elsewhere), and a stolen one is noticed at its second use.

export interface TokenPair {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Seconds. */
  readonly expiresIn: number;
}

export interface SessionPorts {
  readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;
  /** Runs one task at a time among all tabs. */
  readonly exclusively: <T>(task: () => Promise<T>) => Promise<T>;
  readonly now: () => number;
  /** `ended` when the hub says that the refresh token is no longer good; rejects when it could not be asked. */
  readonly refresh: (refreshToken: string) => Promise<TokenPair | 'ended'>;
  /** Tells the other tabs. */
  readonly broadcast: (message: SessionMessage) => void;
}

/** What tabs tell each other. */
export type SessionMessage =
  | { readonly type: 'access'; readonly token: string; readonly expiresAt: number }
  | { readonly type: 'ended' };

export interface Session {
  /** A token good for a while yet; null when nobody is signed in. Rejects when the hub could not be asked. */
  accessToken(): Promise<string | null>;
  /** Gets another token although this one seems good: the hub refused it. False when the sign-in is over. */
  renew(refused: string | null): Promise<boolean>;
  begin(pair: TokenPair): void;
  /** Uses this token in this tab, until it ends: somebody acts as somebody else. */
  actAs(token: string, until: number): void;
  /** The tab is its own member's again. */
  actAsOneself(): void;
  /** Forgets everything, here and in the other tabs. */
  end(): void;
  /** From another tab. */
  hear(message: SessionMessage): void;
  /** True while a refresh token is kept; it may turn out to be stale. */
  isKept(): boolean;
  /** Told when a sign-in begins or ends here; returns how to stop being told. */
  onChange(listener: () => void): () => void;
  /** Told of every new access token, from whichever tab it came, with the time by which it is to be exchanged. */
  onToken(listener: (token: string, exchangeAt: number) => void): void;
}

const key = 'mcpvault.refresh-token';
/** Refresh this long before the token expires. */
const margin = 30_000;

export function createSession(ports: SessionPorts): Session {
  let access: { readonly token: string; readonly expiresAt: number } | null = null;
  let acting: { readonly token: string; readonly until: number } | null = null;
  let underWay: Promise<string | null> | null = null;
  const listeners = new Set<() => void>();
  const tokenListeners = new Set<(token: string, exchangeAt: number) => void>();

  const tell = () => {
    for (const listener of listeners) listener();
  };
  const borrowed = () => (acting !== null && acting.until > ports.now() ? acting.token : null);
  const fresh = () => (access !== null && access.expiresAt - margin > ports.now() ? access.token : null);

  function keep(pair: TokenPair): string {
    ports.storage.setItem(key, pair.refreshToken);
    const next = { token: pair.accessToken, expiresAt: ports.now() + pair.expiresIn * 1000 };
    take(next);
    ports.broadcast({ type: 'access', ...next });
    return next.token;
  }

  function take(next: { readonly token: string; readonly expiresAt: number }): void {
    access = next;
    for (const listener of tokenListeners) listener(next.token, next.expiresAt - margin);
  }

  function forget(): void {
    const was = access !== null || ports.storage.getItem(key) !== null;
    access = null;
    ports.storage.removeItem(key);
    if (was) tell();
  }

  function refresh(): Promise<string | null> {
    underWay ??= ports
      .exclusively(async () => {
        // Another tab may have refreshed while this one waited for its turn.
        const heard = fresh();
        if (heard !== null) return heard;
        const refreshToken = ports.storage.getItem(key);
        if (refreshToken === null) return null;
        const pair = await ports.refresh(refreshToken);
        if (pair !== 'ended') return keep(pair);
        forget();
        ports.broadcast({ type: 'ended' });
        return null;
      })
      .finally(() => {
        underWay = null;
      });
    return underWay;
  }

  return {
    accessToken: async () => borrowed() ?? fresh() ?? refresh(),
    async renew(refused) {
      // It has ended; what follows is the member's own again.
      if (acting !== null && acting.token === refused) {
        acting = null;
        tell();
      }
      if (access !== null && access.token === refused) access = null;
      return (await refresh()) !== null;
    },
    begin(pair) {
      keep(pair);
      tell();
    },
    actAs(token, until) {
      acting = { token, until };
      for (const listener of tokenListeners) listener(token, until);
    },
    actAsOneself() {
      acting = null;
      if (access !== null) take(access);
    },
    end() {
      acting = null;
      forget();
      ports.broadcast({ type: 'ended' });
    },
    hear(message) {
      if (message.type === 'access') {
        const began = access === null;
        take({ token: message.token, expiresAt: message.expiresAt });
        if (began) tell();
      } else forget();
    },
    isKept: () => ports.storage.getItem(key) !== null,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    onToken: (listener) => void tokenListeners.add(listener),
  };
}
