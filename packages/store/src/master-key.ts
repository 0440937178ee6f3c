// The master key wraps the data keys of all organizations. It comes from a setting, from a file, or is made at first
// start; it is never written into the database.
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Random } from '@mcpvault/domain/ambient';
import { Failure } from '@mcpvault/domain/failure';
import { codeOf } from './database-failure.ts';
import { directoryFailure, makeDirectory, syncDirectory } from './engine/directory.ts';

export interface MasterKeyOptions {
  /** 32 bytes as base64 or as 64 hexadecimal digits. */
  readonly value?: string | undefined;
  /** A file that holds the same. */
  readonly file?: string | undefined;
  /** Where `master.key` is looked for, or made, when neither is given. */
  readonly dataDir: string;
  readonly random: Random;
}

export interface MasterKey {
  /** 32 bytes. */
  readonly key: Buffer;
  /** True when it was made just now: the operator should be told to keep a copy. */
  readonly generated: boolean;
  /** Where it came from, for people. */
  readonly source: string;
}

/** Throws `record_unavailable` when what is given is no key or cannot be read; `database_unavailable` when none can be kept. */
export async function loadMasterKey({ value, file, dataDir, random }: MasterKeyOptions): Promise<MasterKey> {
  if (value) return { key: decode(value, 'MCPVAULT_MASTER_KEY'), generated: false, source: 'MCPVAULT_MASTER_KEY' };
  if (file) return { key: decode(await readKeyFile(file), file), generated: false, source: file };
  const own = join(dataDir, 'master.key');
  const generated = await makeUnlessThere(own, dataDir, random);
  return { key: decode(await readKeyFile(own), own), generated, source: own };
}

async function readKeyFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const why = codeOf(error) === 'ENOENT' ? 'does not exist' : 'cannot be read by this user';
    throw new Failure(
      'record_unavailable',
      `The master key file ${file} ${why}. Put the key there, correct MCPVAULT_MASTER_KEY_FILE, or give the key in MCPVAULT_MASTER_KEY.`,
    );
  }
}

async function makeUnlessThere(own: string, dataDir: string, random: Random): Promise<boolean> {
  try {
    await makeDirectory(dataDir);
    return (await isThere(own)) ? false : await make(own, dataDir, random);
  } catch (error) {
    throw directoryFailure(error, dataDir);
  }
}

/** The key appears whole or not at all, and never replaces one. False when another hub was faster. */
async function make(own: string, dataDir: string, random: Random): Promise<boolean> {
  const unfinished = `${own}.new-${Buffer.from(random.bytes(6)).toString('hex')}`;
  try {
    const file = await open(unfinished, 'wx', 0o600);
    await file.writeFile(`${Buffer.from(random.bytes(32)).toString('base64')}\n`);
    await file.sync();
    await file.close();
    await link(unfinished, own);
    await syncDirectory(dataDir);
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(unfinished, { force: true });
  }
}

async function isThere(path: string): Promise<boolean> {
  try {
    await (await open(path)).close();
    return true;
  } catch (error) {
    return codeOf(error) !== 'ENOENT';
  }
}

function decode(text: string, source: string): Buffer {
  const trimmed = text.trim();
  const key = /^[0-9a-f]{64}$/i.test(trimmed) ? Buffer.from(trimmed, 'hex') : fromBase64(trimmed);
  if (key?.length === 32) return key;
  throw new Failure(
    'record_unavailable',
    `The master key in ${source} must be 32 bytes, as base64 or as 64 hexadecimal digits. A new one comes from: openssl rand -base64 32`,
  );
}

function fromBase64(text: string): Buffer | null {
  return /^[A-Za-z0-9+/_-]+={0,2}$/.test(text) ? Buffer.from(text, 'base64') : null;
}
