// Who is signed in where: one file, readable by its owner only, written whole or not at all.
import { mkdir, open, readFile, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { CommandFailure } from '../command-failure.ts';
import type { Io } from '../io.ts';
import { isCode, withFileLock } from './file-lock.ts';

/** Signed in as a member: a short access token, and a refresh token that works once. */
export interface SignIn {
  readonly kind: 'sign-in';
  readonly email: string;
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Milliseconds since the epoch, by this machine's clock. */
  readonly accessExpiresAt: number;
}

export interface PersonalToken {
  readonly kind: 'token';
  readonly token: string;
}

export type Credential = SignIn | PersonalToken;

interface Stored {
  readonly version: 1;
  /** The hub signed in to last, which commands talk to unless told otherwise. */
  readonly current: string | null;
  readonly hubs: Readonly<Record<string, Credential>>;
}

export interface CredentialStore {
  readonly path: string;
  get(hub: string): Promise<Credential | undefined>;
  current(): Promise<string | null>;
  /** Stores the credential and makes its hub the current one. */
  set(hub: string, credential: Credential): Promise<void>;
  /** Answers what was stored. */
  remove(hub: string): Promise<Credential | undefined>;
  /**
   * Replaces what is stored for the hub by what `change` makes of it, while no other process does the same; undefined
   * removes it. Does not change which hub is current.
   */
  update(
    hub: string,
    change: (stored: Credential | undefined) => Promise<Credential | undefined>,
  ): Promise<Credential | undefined>;
}

export function createCredentialStore(io: Io): CredentialStore {
  const path = join(configFolder(io), 'credentials.json');
  const locked = async <T>(work: (stored: Stored) => Promise<T>): Promise<T> => {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    return withFileLock(`${path}.lock`, io, async () => work(await read(path)));
  };
  return {
    path,
    get: async (hub) => (await read(path)).hubs[hub],
    current: async () => (await read(path)).current,
    set: (hub, value) =>
      locked((stored) => write(path, { ...stored, current: hub, hubs: { ...stored.hubs, [hub]: value } })),
    remove: (hub) =>
      locked(async (stored) => {
        const { [hub]: removed, ...others } = stored.hubs;
        const current = stored.current === hub ? null : stored.current;
        if (removed !== undefined) await write(path, { ...stored, current, hubs: others });
        return removed;
      }),
    update: (hub, change) =>
      locked(async (stored) => {
        const { [hub]: before, ...others } = stored.hubs;
        const after = await change(before);
        if (after !== before) {
          await write(path, { ...stored, hubs: after === undefined ? others : { ...others, [hub]: after } });
        }
        return after;
      }),
  };
}

/** Where everything of this account is kept. */
export function configFolder({ env, machine }: Io): string {
  const base =
    env.XDG_CONFIG_HOME || (machine.platform === 'win32' && env.APPDATA ? env.APPDATA : join(machine.home, '.config'));
  return join(base, 'mcpvault');
}

async function read(path: string): Promise<Stored> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (isCode(error, 'ENOENT')) return { version: 1, current: null, hubs: {} };
    throw unusable(path, error);
  }
  const stored = parsed(text);
  if (isStored(stored)) return stored;
  throw new CommandFailure('general', 'credentials_unreadable', `${path} is not a file that this mcpvault wrote.`, {
    fix: 'Move it away and sign in again with: mcpvault login',
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isStored(value: unknown): value is Stored {
  if (!isRecord(value) || value.version !== 1 || !isRecord(value.hubs)) return false;
  if (value.current !== null && typeof value.current !== 'string') return false;
  return Object.values(value.hubs).every(isCredential);
}

function isCredential(value: unknown): value is Credential {
  if (!isRecord(value)) return false;
  if (value.kind === 'token') return typeof value.token === 'string';
  const texts = [value.email, value.accessToken, value.refreshToken];
  return (
    value.kind === 'sign-in' &&
    texts.every((text) => typeof text === 'string') &&
    typeof value.accessExpiresAt === 'number'
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Through a file beside it that is renamed over it; a symbolic link stays one. */
async function write(path: string, stored: Stored): Promise<void> {
  const target = await realpath(path).catch(() => path);
  const draft = `${target}.new`;
  try {
    await rm(draft, { force: true });
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(stored, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw unusable(path, error);
  }
}

function unusable(path: string, error: unknown): CommandFailure {
  const why = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return new CommandFailure('general', 'credentials_unusable', `${path} cannot be used (${why}).`, {
    fix: 'Check who owns it and that its folder can be written, or set XDG_CONFIG_HOME to another folder.',
  });
}
