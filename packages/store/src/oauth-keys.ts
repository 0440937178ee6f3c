// The keys that sign access tokens (ES256). Made by the hub, kept wrapped by the master key, and replaced by new ones with
// overlap: a new key is published before it signs, and an old one after it has stopped, so that no hub on the same
// database and no reader of the key set meets a signature it cannot check.
import { createECDH } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import { sql } from 'kysely';
import type { Executor } from './schema.ts';
import { seal, unseal } from '@mcpvault/domain/seal';

/** A P-256 key pair as a JSON Web Key. */
export interface OauthKey {
  readonly kid: string;
  readonly x: string;
  readonly y: string;
  /** The private part: never leaves the process. */
  readonly d: string;
  /** Milliseconds since the epoch. */
  readonly signsFrom: number;
}

export interface OauthKeys {
  /**
   * All that are published, oldest first; makes the first one when there is none. Throws `record_unavailable` when the
   * master key does not open them.
   */
  all(): Promise<readonly OauthKey[]>;
  /** A new key signs after a while; not more often than that, however many hubs ask. */
  rotate(): Promise<OauthKey>;
  /** Rotates when the newest is older than `age` milliseconds, and forgets those whose last token has long expired. */
  upkeep(age: number): Promise<void>;
}

export interface OauthKeysDeps {
  readonly masterKey: Buffer;
  readonly executor: Executor;
  readonly ambient: Ambient;
}

/** Published this long before it signs: longer than any reader keeps the key set. */
export const publishedBefore = 10 * 60_000;
/** Published this long after the next one began to sign: longer than any token lives. */
export const publishedAfter = 24 * 3_600_000;

const about = 'oauth signing key';
/** Any number will do as long as it stays the same. */
const lock = 771_702_609;

export function createOauthKeys({ masterKey, executor, ambient }: OauthKeysDeps): OauthKeys {
  async function open(own: Executor = executor): Promise<readonly OauthKey[]> {
    const rows = await own.selectFrom('oauth_keys').selectAll().orderBy('signs_from').orderBy('id').execute();
    return rows.map(({ id, wrapped, signs_from }) => {
      const secret = unseal(masterKey, `${about} ${id}`, wrapped);
      if (secret === null) throw new Failure('record_unavailable', wrongMaster);
      return { ...fromSecret(id, secret), signsFrom: signs_from.getTime() };
    });
  }

  /** Unless `isEnough` says that there is one. */
  async function make(signsFrom: number, isEnough: (keys: readonly OauthKey[]) => boolean): Promise<OauthKey> {
    return executor.transaction().execute(async (own) => {
      await sql`select pg_advisory_xact_lock(${lock})`.execute(own);
      const there = await open(own);
      const newest = there.at(-1);
      if (newest !== undefined && isEnough(there)) return newest;
      const id = ambient.ids.next('key');
      const secret = newSecret(ambient);
      await own
        .insertInto('oauth_keys')
        .values({
          id,
          wrapped: seal(masterKey, `${about} ${id}`, secret, ambient.random),
          created_at: new Date(ambient.clock.now()),
          signs_from: new Date(signsFrom),
        })
        .execute();
      return { ...fromSecret(id, secret), signsFrom };
    });
  }

  function rotate(): Promise<OauthKey> {
    const now = ambient.clock.now();
    return make(now + publishedBefore, (keys) => keys.some(({ signsFrom }) => signsFrom > now));
  }

  return {
    async all() {
      const keys = await open();
      if (keys.length > 0) return published(keys, ambient.clock.now());
      return [await make(ambient.clock.now(), (there) => there.length > 0)];
    },
    rotate,
    async upkeep(age) {
      const now = ambient.clock.now();
      const keys = await open();
      const newest = keys.at(-1);
      if (newest !== undefined && newest.signsFrom < now - age) await rotate();
      const kept = new Set(published(keys, now).map(({ kid }) => kid));
      const gone = keys.filter(({ kid }) => !kept.has(kid)).map(({ kid }) => kid);
      if (gone.length > 0) await executor.deleteFrom('oauth_keys').where('id', 'in', gone).execute();
    },
  };
}

/** The one that signs at this moment. */
export function signingKey(keys: readonly OauthKey[], now: number): OauthKey {
  const signing = keys.findLast(({ signsFrom }) => signsFrom <= now) ?? keys[0];
  if (signing === undefined) throw new Error('there is no key to sign with');
  return signing;
}

function published(keys: readonly OauthKey[], now: number): readonly OauthKey[] {
  return keys.filter((_, index) => {
    const next = keys[index + 1];
    return next === undefined || next.signsFrom + publishedAfter > now;
  });
}

/** Of 2^256 texts, all but about 2^224 are a key. */
function newSecret({ random }: Ambient): Buffer {
  for (;;) {
    const secret = Buffer.from(random.bytes(32));
    try {
      createECDH('prime256v1').setPrivateKey(secret);
      return secret;
    } catch {
      // The next one is.
    }
  }
}

function fromSecret(kid: string, secret: Buffer): Omit<OauthKey, 'signsFrom'> {
  const curve = createECDH('prime256v1');
  curve.setPrivateKey(secret);
  const point = curve.getPublicKey();
  const text = (part: Buffer) => part.toString('base64url');
  return { kid, x: text(point.subarray(1, 33)), y: text(point.subarray(33)), d: text(secret) };
}

const wrongMaster =
  'The keys that sign access tokens were sealed with another master key. Set MCPVAULT_MASTER_KEY or MCPVAULT_MASTER_KEY_FILE to that key, or restore the master.key file that belongs to this database.';
