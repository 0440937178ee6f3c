// The settings in words: `--help`, `docs/configuration.md` and `mcpvault.example.json`, all from the one table.
import { type SettingName, flagOf, settings } from './settings.ts';

const names = Object.keys(settings) as SettingName[];

export function helpText(): string {
  const lines = names.map((name) => {
    const { env, kind, description, secret, default: preset } = settings[name];
    const flag = secret ? `--${flagOf(name)}-file FILE` : `--${flagOf(name)} (${kind.hint})`;
    const end = preset === null || preset === '' ? '' : ` [${preset}]`;
    return `  ${flag}\n      ${env}${secret ? `, ${env}_FILE` : ''}\n      ${description}${end}`;
  });
  return [
    'Usage: mcpvault hub [flags]',
    '',
    'Runs the hub in the foreground. Each setting is a flag, an environment variable, or a line of the settings file',
    '(mcpvault.json in the data folder, or --config FILE); a flag wins over a variable, a variable over the file.',
    '',
    '  --prepare\n      Make the database or bring it up to date, and end instead of running.',
    '  --config FILE\n      MCPVAULT_CONFIG\n      The settings file to read.',
    ...lines,
    '',
  ].join('\n');
}

/** `docs/configuration.md`. */
export function referencePage(): string {
  const rows = names.map((name) => {
    const { env, kind, description, secret, default: preset } = settings[name];
    const variable = secret ? `\`${env}\` or \`${env}_FILE\`` : `\`${env}\``;
    const flag = secret ? `\`--${flagOf(name)}-file\`` : `\`--${flagOf(name)}\``;
    const key = secret ? `\`${name}File\`` : `\`${name}\``;
    const start = preset === null || preset === '' ? '' : `\`${preset}\``;
    return `| ${variable} | ${flag} | ${key} | ${kind.hint} | ${start} | ${description} |`;
  });
  return `# Settings

<!-- Made from packages/hub/src/settings.ts; a test keeps it true. -->

Each setting can be given as a flag of \`mcpvault hub\` (or after \`npm start --\`), as an environment variable, or in the
settings file: \`mcpvault.json\` in the data folder, or the file that \`--config\` or \`MCPVAULT_CONFIG\` names. A flag wins over a variable, and a
variable over the file. Copy \`mcpvault.example.json\` to begin with. Names that are not in this table, and values that do
not fit, stop the start with a sentence that says what is wrong.

Secrets have neither a flag nor a place in the settings file, because both are easily read by others: give them as a
variable, or put them in a file of their own and name that.

| variable | flag | in the file | kind | default | what it does |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

/** `mcpvault.example.json`: every setting that has a default, with it. */
export function exampleFile(): string {
  const shown = names.flatMap((name) => {
    const { default: preset, kind } = settings[name];
    if (preset === null) return [];
    const value = kind.parse(preset);
    const plain = typeof value === 'boolean' || (typeof value === 'number' && String(value) === preset);
    return [[name, plain || Array.isArray(value) ? value : preset]];
  });
  return `${JSON.stringify(Object.fromEntries(shown), null, 2)}\n`;
}
