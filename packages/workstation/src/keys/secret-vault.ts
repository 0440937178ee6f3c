// Where this account keeps what opens things: the keychain of its operating system where there is one, else files that only
// it may read. Values are plain text of letters, digits, `-`, `_` and `.`; what is kept never reaches a log or a command line.
import { chmod, mkdir, open, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Failure } from '@mcpvault/domain/failure';
import type { Platform } from '../catalogue/client.ts';
import { isAbsent } from '../state/json-file.ts';
import type { RunTool } from './run-tool.ts';

export type VaultKind = 'secret-service' | 'keychain' | 'dpapi' | 'file';

export interface SecretVault {
  readonly kind: VaultKind;
  get(name: string): Promise<string | undefined>;
  /** Rejects with a `Failure` when it cannot be kept. */
  set(name: string, value: string): Promise<void>;
  remove(name: string): Promise<void>;
}

export interface VaultDeps {
  readonly run: RunTool;
  /** For what lies in files, encrypted by the operating system or in clear. */
  readonly folder: string;
}

const service = 'mcpvault';
const namePattern = /^[a-z][a-z0-9-]{0,60}$/;
const valuePattern = /^[\w.-]{1,2000}$/;

export function vaultOf(kind: VaultKind, deps: VaultDeps): SecretVault {
  switch (kind) {
    case 'secret-service':
      return checked(kind, secretService(deps));
    case 'keychain':
      return checked(kind, macKeychain(deps));
    case 'dpapi':
      return checked(kind, dataProtection(deps));
    case 'file':
      return checked(kind, files(deps.folder));
  }
}

/** Tries what the platform has, with a secret that means nothing; files are what always works. */
export async function findVault(platform: Platform, deps: VaultDeps): Promise<SecretVault> {
  const vault = vaultOf(ofPlatform[platform], deps);
  try {
    await vault.set('trial', 'trial');
    const kept = await vault.get('trial');
    await vault.remove('trial');
    if (kept === 'trial') return vault;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
  return vaultOf('file', deps);
}

const ofPlatform: Readonly<Record<Platform, VaultKind>> = {
  linux: 'secret-service',
  macos: 'keychain',
  windows: 'dpapi',
};

type Methods = Omit<SecretVault, 'kind'>;

/** Names and values are ours; one that is not could say something else to a tool. */
function checked(kind: VaultKind, vault: Methods): SecretVault {
  const named = (name: string): string => {
    if (!namePattern.test(name)) throw new Error(`no secret is called “${name}”`);
    return name;
  };
  return {
    kind,
    get: async (name) => vault.get(named(name)),
    set: async (name, value) => {
      if (!valuePattern.test(value)) throw new Error('a secret has a character that it cannot have');
      await vault.set(named(name), value);
    },
    remove: async (name) => vault.remove(named(name)),
  };
}

/** GNOME Keyring, KWallet and others, through libsecret's own command. */
function secretService({ run }: VaultDeps): Methods {
  const about = (name: string): string[] => ['service', service, 'account', name];
  return {
    async get(name) {
      const { code, out } = await run('secret-tool', ['lookup', ...about(name)], '');
      return code === 0 && out !== '' ? out.trim() : undefined;
    },
    async set(name, value) {
      const { code } = await run('secret-tool', ['store', `--label=MCPVault ${name}`, ...about(name)], value);
      if (code !== 0) throw notKept('The Secret Service of this desktop');
    },
    async remove(name) {
      await run('secret-tool', ['clear', ...about(name)], '');
    },
  };
}

function macKeychain({ run }: VaultDeps): Methods {
  return {
    async get(name) {
      const { code, out } = await run('security', ['find-generic-password', '-s', service, '-a', name, '-w'], '');
      return code === 0 && out !== '' ? out.trim() : undefined;
    },
    async set(name, value) {
      // What stands on a command line, every process of the computer can read; what is said on stdin, none.
      const command = `add-generic-password -U -s "${service}" -a "${name}" -w "${value}"\n`;
      const { code } = await run('security', ['-i'], command);
      const { out } = await run('security', ['find-generic-password', '-s', service, '-a', name, '-w'], '');
      if (code !== 0 || out.trim() !== value) throw notKept('The keychain of this Mac');
    },
    async remove(name) {
      await run('security', ['delete-generic-password', '-s', service, '-a', name], '');
    },
  };
}

/** Windows encrypts for the account; what comes of it lies in a file. */
function dataProtection({ run, folder }: VaultDeps): Methods {
  const path = (name: string): string => join(folder, `${name}.dpapi`);
  const convert = async (does: 'Protect' | 'Unprotect', input: string): Promise<string | undefined> => {
    const [read, write] =
      does === 'Protect'
        ? ['[Text.Encoding]::UTF8.GetBytes($t)', '[Convert]::ToBase64String($b)']
        : ['[Convert]::FromBase64String($t)', '[Text.Encoding]::UTF8.GetString($b)'];
    const script = [
      '$ErrorActionPreference = "Stop"',
      'Add-Type -AssemblyName System.Security',
      '$t = [Console]::In.ReadToEnd().Trim()',
      `$b = [Security.Cryptography.ProtectedData]::${does}(${read}, $null, "CurrentUser")`,
      `[Console]::Out.Write(${write})`,
    ].join('; ');
    const { code, out } = await run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', script], input);
    return code === 0 && out !== '' ? out.trim() : undefined;
  };
  return {
    async get(name) {
      const kept = await readFile(path(name), 'utf8').catch(absent);
      return kept === undefined ? undefined : convert('Unprotect', kept);
    },
    async set(name, value) {
      const encrypted = await convert('Protect', value);
      if (encrypted === undefined) throw notKept('The data protection of Windows');
      await writePrivate(path(name), encrypted);
    },
    remove: (name) => rm(path(name), { force: true }),
  };
}

function files(folder: string): Methods {
  const path = (name: string): string => join(folder, `${name}.secret`);
  return {
    async get(name) {
      const kept = await readFile(path(name), 'utf8').catch(absent);
      return kept === undefined ? undefined : kept.trim();
    },
    set: (name, value) => writePrivate(path(name), value),
    remove: (name) => rm(path(name), { force: true }),
  };
}

async function writePrivate(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await rm(draft, { force: true });
    const file = await open(draft, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await chmod(draft, 0o600);
    await rename(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

function absent(error: unknown): undefined {
  if (isAbsent(error)) return undefined;
  throw error;
}

function notKept(what: string): Failure {
  return new Failure('forbidden', `${what} could not keep a secret. Unlock it and try again.`);
}
