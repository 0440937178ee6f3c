// Reads the settings: flags first, then environment variables, then the settings file, then the defaults. Unknown names
// and bad values are all collected and said at once.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type SettingName, type Settings, flagOf, settings } from './settings.ts';
import { type Setting, SettingProblem, type ValueOf } from './setting.ts';

/** The parsed value of each setting; null where it was not given and has no default. */
export type Config = {
  readonly [Name in SettingName]: Settings[Name]['default'] extends string
    ? ValueOf<Settings[Name]>
    : ValueOf<Settings[Name]> | null;
};

/** Something in the settings is wrong: the hub does not start, and exits with 2. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.problems = problems;
  }
}

/** What else of our name may lie in the environment: said by the starter, read by the command line, used by tests. */
const notSettings = [
  /^MCPVAULT_PARENT$/,
  /^MCPVAULT_(HUB|TOKEN|OUTPUT|CONFIG|CLIENT_SECRET)$/,
  /^MCPVAULT_(DEV|TEST|E2E|BENCH)(_|$)/,
];

type Environment = Readonly<Record<string, string | undefined>>;

const names = Object.keys(settings) as SettingName[];

/** `argv` are the arguments after `hub`. Throws a `ConfigError`. */
export function readConfig(argv: readonly string[], env: Environment): Config {
  const problems: string[] = [];
  const flags = readFlags(argv, problems);
  reportUnknown(env, problems);
  const data = flags.get('data') ?? env['MCPVAULT_DATA'] ?? settings.data.default;
  const file = readFile(flags.get('config') ?? env['MCPVAULT_CONFIG'] ?? null, data, problems);
  const values = names.map((name) => [name, valueOf(name, flags, env, file, problems)] as const);
  if (problems.length > 0) throw new ConfigError(problems);
  return Object.freeze(Object.fromEntries(values)) as Config;
}

interface Given {
  readonly text: string;
  /** How the person who gave it calls it. */
  readonly source: string;
}

function valueOf(
  name: SettingName,
  flags: ReadonlyMap<string, string>,
  env: Environment,
  file: ReadonlyMap<string, Given>,
  problems: string[],
): unknown {
  const setting: Setting = settings[name];
  try {
    const given =
      fromFlag(name, flags) ??
      fromEnvironment(setting, env) ??
      file.get(name) ??
      fromSecretFile(name, flags, env, file);
    const text = given?.text ?? setting.default;
    if (text === null) return null;
    return parse(setting, { text, source: given?.source ?? setting.env });
  } catch (error) {
    if (!(error instanceof SettingProblem)) throw error;
    problems.push(error.message);
    return null;
  }
}

function parse(setting: Setting, given: Given): unknown {
  try {
    return setting.kind.parse(given.text);
  } catch (error) {
    if (!(error instanceof SettingProblem)) throw error;
    const shown = setting.secret ? '' : `, not "${given.text}"`;
    throw new SettingProblem(`${given.source} ${error.message}${shown}.`);
  }
}

function fromFlag(name: SettingName, flags: ReadonlyMap<string, string>): Given | undefined {
  const text = flags.get(name);
  return text === undefined ? undefined : { text, source: `--${flagOf(name)}` };
}

function fromEnvironment(setting: Setting, env: Environment): Given | undefined {
  const text = env[setting.env];
  return text === undefined || text === '' ? undefined : { text, source: setting.env };
}

/** A secret may lie in a file of its own, named by `<variable>_FILE`, by `--<flag>-file`, or by `<name>File`. */
function fromSecretFile(
  name: SettingName,
  flags: ReadonlyMap<string, string>,
  env: Environment,
  file: ReadonlyMap<string, Given>,
): Given | undefined {
  const setting: Setting = settings[name];
  if (!setting.secret) return undefined;
  const path = flags.get(`${name}File`) ?? env[`${setting.env}_FILE`] ?? file.get(`${name}File`)?.text;
  if (path === undefined || path === '') return undefined;
  try {
    return { text: readFileSync(path, 'utf8').trimEnd(), source: `The content of ${path}` };
  } catch (error) {
    throw new SettingProblem(`${setting.env}_FILE names ${path}, which cannot be read (${codeOf(error)}).`);
  }
}

function readFlags(argv: readonly string[], problems: string[]): Map<string, string> {
  const known = new Map<string, string>([['config', 'config']]);
  for (const name of names)
    known.set(flagOf(settings[name].secret ? `${name}File` : name), settings[name].secret ? `${name}File` : name);
  const given = new Map<string, string>();
  for (let at = 0; at < argv.length; at++) {
    const [, flag, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(argv[at] ?? '') ?? [];
    const name = flag === undefined ? undefined : known.get(flag);
    if (name === undefined) {
      problems.push(`${argv[at]} is not a flag of "mcpvault hub"; --help lists them.`);
      continue;
    }
    const value = inline ?? argv[++at];
    if (value === undefined) problems.push(`--${flag} needs a value.`);
    else given.set(name, value);
  }
  return given;
}

function reportUnknown(env: Environment, problems: string[]): void {
  const known = new Set(
    names.flatMap((name) =>
      settings[name].secret ? [settings[name].env, `${settings[name].env}_FILE`] : [settings[name].env],
    ),
  );
  for (const variable of Object.keys(env)) {
    if (!variable.startsWith('MCPVAULT_') || known.has(variable) || notSettings.some((shape) => shape.test(variable)))
      continue;
    const near = closest(variable, [...known]);
    problems.push(
      `${variable} is not a setting${near === null ? '' : `; did you mean ${near}?`}${near === null ? '; --help lists them.' : ''}`,
    );
  }
}

/** The settings file as texts by name. A file that was asked for must exist; the one in the data folder may. */
function readFile(asked: string | null, data: string, problems: string[]): ReadonlyMap<string, Given> {
  const path = asked ?? join(data, 'mcpvault.json');
  let content: string;
  try {
    content = readFileSync(path, 'utf8');
  } catch (error) {
    // Whether the data folder can be one is seen when it is opened.
    const absent = asked === null && ['ENOENT', 'ENOTDIR'].includes(codeOf(error));
    if (!absent) problems.push(`The settings file ${path} cannot be read (${codeOf(error)}).`);
    return new Map();
  }
  return fileSettings(path, content, problems);
}

/** Also used to prove that the example file is valid. */
export function fileSettings(path: string, content: string, problems: string[]): ReadonlyMap<string, Given> {
  const values = new Map<string, Given>();
  const parsed = parseObject(content);
  if (parsed === null) {
    problems.push(`The settings file ${path} is not a JSON object.`);
    return values;
  }
  const known = new Set<string>(names.map((name) => (settings[name].secret ? `${name}File` : name)));
  for (const [name, value] of Object.entries(parsed)) {
    const source = `"${name}" in ${path}`;
    if (names.includes(name as SettingName) && !known.has(name)) {
      problems.push(`${source} is a secret, and settings files hold none; name a file with "${name}File" instead.`);
    } else if (!known.has(name)) {
      const near = closest(name, [...known]);
      problems.push(
        `${source} is not a setting${near === null ? '; --help lists them.' : `; did you mean "${near}"?`}`,
      );
    } else {
      const text = textOf(value);
      if (text === null) problems.push(`${source} should be a text, a number, true or false, or a list of texts.`);
      else values.set(name, { text, source });
    }
  }
  return values;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value.join(',');
  return null;
}

function parseObject(content: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? 'unreadable';
}

/** The known name that differs least, when it is near enough to be what was meant. */
function closest(given: string, known: readonly string[]): string | null {
  const ranked = known
    .map((name) => ({ name, distance: distance(given.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  const best = ranked[0];
  return best !== undefined && best.distance <= Math.max(2, given.length / 5) ? best.name : null;
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const changed = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, changed));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
