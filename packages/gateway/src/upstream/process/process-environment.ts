import type { Id } from '@mcpvault/domain/ids';

/** Carries the id of the data directory whose hub started a process: lets a later start find what was left behind. */
export const instanceMarker = 'MCPVAULT_PROCESS';
/** Carries the id of the one server process that a process belongs to. */
export const processMarker = 'MCPVAULT_PROCESS_ID';

const allowed = new Set(['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'LANGUAGE', 'TZ', 'TMPDIR']);
const allowedOnWindows = new Set([
  ...[
    'SYSTEMROOT',
    'SYSTEMDRIVE',
    'WINDIR',
    'COMSPEC',
    'PATHEXT',
    'TEMP',
    'TMP',
    'USERNAME',
    'USERPROFILE',
    'HOMEDRIVE',
  ],
  ...['HOMEPATH', 'APPDATA', 'LOCALAPPDATA', 'PROGRAMDATA', 'PROGRAMFILES', 'PROCESSOR_ARCHITECTURE'],
]);

function isAllowed(name: string): boolean {
  if (allowed.has(name) || name.startsWith('LC_')) return true;
  return process.platform === 'win32' && (allowed.has(name.toUpperCase()) || allowedOnWindows.has(name.toUpperCase()));
}

/**
 * What a server process sees: a few harmless variables of the hub's environment, then those of the definition, then the
 * two markers, which no definition can change. The hub's own settings, keys and addresses never pass.
 */
export function processEnvironment(
  own: Readonly<Record<string, string | undefined>>,
  defined: Readonly<Record<string, string>>,
  instance: string,
  id: Id<'prc'>,
): Record<string, string> {
  const environment: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(own)) {
    if (value !== undefined && isAllowed(name)) environment[name] = value;
  }
  for (const [name, value] of Object.entries(defined)) environment[name] = value;
  environment[instanceMarker] = instance;
  environment[processMarker] = id;
  return environment;
}
