// Sign-ins of a fake hub: rotating refresh tokens, of which using one twice ends the sign-in, as the real hub does it.
import { FakeProblem } from './fake-problem.ts';

export interface FakeSignIns {
  login(email: string, password: string): Pair;
  refresh(refreshToken: string): Pair;
  logout(): undefined;
  accepts(bearer: string | undefined): boolean;
  /** Makes every access token so far useless, as time would. */
  expireAccess(): void;
  /** Makes every refresh token so far useless too. */
  end(): void;
  /** How often a refresh token was exchanged. */
  readonly refreshes: number;
}

interface Pair {
  readonly accessToken: string;
  readonly refreshToken: string;
  readonly expiresIn: number;
}

export const fakePassword = 'correct horse battery';
export const fakeToken = 'mcpv_valid';

export function createSignIns(expiresIn: number): FakeSignIns {
  const access = new Set<string>();
  const fresh = new Set<string>();
  let made = 0;
  let refreshes = 0;
  const pair = (): Pair => {
    made += 1;
    access.add(`mcpa_${made}`);
    fresh.add(`mcpr_${made}`);
    return { accessToken: `mcpa_${made}`, refreshToken: `mcpr_${made}`, expiresIn };
  };
  const end = (): void => {
    access.clear();
    fresh.clear();
  };
  return {
    login: (_email, password) => {
      if (password !== fakePassword) {
        throw new FakeProblem(401, 'invalid_credentials', 'The e-mail address or the password is wrong.');
      }
      return pair();
    },
    refresh: (refreshToken) => {
      if (!fresh.delete(refreshToken)) {
        end();
        throw new FakeProblem(401, 'unauthenticated', 'The sign-in has ended.');
      }
      refreshes += 1;
      return pair();
    },
    logout: () => {
      end();
      return undefined;
    },
    accepts: (bearer) => bearer === fakeToken || (bearer !== undefined && access.has(bearer)),
    expireAccess: () => access.clear(),
    end,
    get refreshes() {
      return refreshes;
    },
  };
}
