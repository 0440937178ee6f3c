import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { ConfigError, fileSettings, readConfig } from './config.ts';
import { exampleFile, helpText, referencePage } from './config-reference.ts';
import { settings } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'mcpvault-config-'));
after(() => rmSync(folder, { recursive: true }));

function file(name: string, content: string): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function problemsOf(argv: readonly string[], env: Record<string, string>): readonly string[] {
  try {
    readConfig(argv, { MCPVAULT_DATA: folder, ...env });
  } catch (error) {
    assert.ok(error instanceof ConfigError);
    return error.problems;
  }
  assert.fail('it was accepted');
}

test('without anything given, the defaults hold', () => {
  const config = readConfig([], { MCPVAULT_DATA: folder });
  assert.equal(config.host, '127.0.0.1');
  assert.equal(config.port, 7717);
  assert.equal(config.example, true);
  assert.equal(config.maxMessageBytes, 16 * 1024 * 1024);
  assert.equal(config.callTimeout, 300_000);
  assert.equal(config.databaseUrl, null);
  assert.deepEqual(config.allowedHosts, []);
  assert.ok(Object.isFrozen(config));
});

test('a flag wins over a variable, a variable over the file', () => {
  const config = file('some.json', '{"port": 1, "host": "::1", "allowedHosts": ["a:1", "b:2"], "example": false}');
  const env = { MCPVAULT_DATA: folder, MCPVAULT_PORT: '2', MCPVAULT_HOST: '0.0.0.0' };
  const read = readConfig(['--config', config, '--port=3'], env);
  assert.deepEqual([read.port, read.host, read.allowedHosts, read.example], [3, '0.0.0.0', ['a:1', 'b:2'], false]);
});

test('the file in the data folder is read unasked', () => {
  const data = mkdtempSync(join(folder, 'data-'));
  writeFileSync(join(data, 'mcpvault.json'), '{"logFormat": "json"}');
  assert.equal(readConfig(['--data', data], {}).logFormat, 'json');
});

test('a secret comes from its variable or from a file of its own, without the line end', () => {
  const path = file('password', 'correct horse battery\n');
  assert.equal(readConfig([], { MCPVAULT_DATA: folder, MCPVAULT_ADMIN_PASSWORD: 'x' }).adminPassword, 'x');
  for (const [argv, env] of [
    [[], { MCPVAULT_ADMIN_PASSWORD_FILE: path }],
    [['--admin-password-file', path], {}],
  ] as const) {
    assert.equal(readConfig(argv, { MCPVAULT_DATA: folder, ...env }).adminPassword, 'correct horse battery');
  }
});

test('every problem is said at once, with what would be right, and no secret is repeated', () => {
  const problems = problemsOf(['--prot', '80', '--host'], {
    MCPVAULT_PORT: '99999',
    MCPVAULT_LOG_FROMAT: 'json',
    MCPVAULT_CALL_TIMEOUT: 'soon',
    MCPVAULT_EXAMPLE: 'maybe',
    MCPVAULT_PUBLIC_URL: 'vault.example.com',
    MCPVAULT_MASTER_KEY_FILE: join(folder, 'absent'),
  });
  const all = problems.join('\n');
  for (const said of [
    '--prot is not a flag',
    '--host needs a value',
    'MCPVAULT_LOG_FROMAT is not a setting; did you mean MCPVAULT_LOG_FORMAT?',
    'MCPVAULT_PORT should be a whole number from 0 to 65535, not "99999".',
    'MCPVAULT_CALL_TIMEOUT should be a time such as 30s or 5m',
    'MCPVAULT_EXAMPLE should be on or off, not "maybe".',
    'MCPVAULT_PUBLIC_URL should be an http or https URL without a path',
    'MCPVAULT_MASTER_KEY_FILE names ',
  ]) {
    assert.ok(all.includes(said), `${said}\n--- was not said in\n${all}`);
  }
});

test('unknown names, secrets and wrong values in a file are reported with their place', () => {
  const path = file('wrong.json', '{"prot": 1, "masterKey": "abc", "host": {"a": 1}, "port": -1}');
  const problems = problemsOf(['--config', path], {});
  assert.equal(problems.length, 4);
  assert.ok(problems.some((line) => line.includes('"prot"') && line.includes('did you mean "port"?')));
  assert.ok(
    problems.some((line) => line.includes('"masterKey"') && line.includes('"masterKeyFile"') && !line.includes('abc')),
  );
  assert.ok(problems.some((line) => line.includes('"host"') && line.includes('should be a text')));
  assert.ok(problems.some((line) => line.includes('"port"') && line.includes('from 0 to 65535')));
});

test('a file that was asked for must be there, and must be JSON', () => {
  assert.match(problemsOf(['--config', join(folder, 'absent.json')], {})[0] ?? '', /cannot be read \(ENOENT\)/);
  assert.match(problemsOf(['--config', file('bad.json', '[')], {})[0] ?? '', /is not a JSON object/);
});

test('what the starter and the tests put into the environment is no setting, and no mistake', () => {
  readConfig([], {
    MCPVAULT_DATA: folder,
    MCPVAULT_PARENT: 'ipc',
    MCPVAULT_TEST_ENGINE: 'debian',
    MCPVAULT_TOKEN: 'x',
  });
});

test('no secret has a flag, and every setting is in the help', () => {
  const help = helpText();
  for (const { env } of Object.values(settings)) assert.ok(help.includes(env), env);
  assert.ok(!/--(master-key|admin-password|database-url) /.test(help));
});

test('docs/configuration.md and mcpvault.example.json say what the table says', () => {
  const root = new URL('../../../', import.meta.url);
  const page = new URL('docs/configuration.md', root);
  const example = new URL('mcpvault.example.json', root);
  if (process.env['WRITE_DOCS'] === '1') {
    writeFileSync(page, referencePage());
    writeFileSync(example, exampleFile());
  }
  assert.equal(readFileSync(page, 'utf8'), referencePage(), 'write it with WRITE_DOCS=1');
  assert.equal(readFileSync(example, 'utf8'), exampleFile(), 'write it with WRITE_DOCS=1');
});

test('the example file is valid and says what holds without it', () => {
  const problems: string[] = [];
  fileSettings('mcpvault.example.json', exampleFile(), problems);
  assert.deepEqual(problems, []);
  const path = file('example.json', exampleFile());
  assert.deepEqual({ ...readConfig(['--config', path], {}) }, { ...readConfig([], { MCPVAULT_DATA: './.mcpvault' }) });
});
