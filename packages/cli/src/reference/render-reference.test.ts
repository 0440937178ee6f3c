// docs/cli.md is made from the commands. This test fails when the page has fallen behind; run it with WRITE_REFERENCE=1 to
// write the page anew.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { examplesOf } from '../commands/examples.ts';
import { createProgram, everyCommand } from '../program.ts';
import { createTestIo } from '../testing/test-io.ts';
import { renderReference } from './render-reference.ts';

const page = new URL('../../../../docs/cli.md', import.meta.url);
const program = createProgram({ io: createTestIo({ home: '/nowhere' }), finish: () => undefined });

test('docs/cli.md says what the commands take', () => {
  const now = renderReference(program);
  if (process.env['WRITE_REFERENCE'] === '1') writeFileSync(page, now);
  assert.equal(readFileSync(page, 'utf8'), now, 'behind: write it anew with WRITE_REFERENCE=1');
});

test('every command has a description, and every option and argument a meaning', () => {
  for (const command of everyCommand(program).filter((each) => !each.name().startsWith('__'))) {
    assert.notEqual(command.description(), '', command.name());
    for (const { name, description } of command.registeredArguments.map((each) => ({
      name: each.name(),
      description: each.description,
    }))) {
      assert.notEqual(description, '', `${command.name()} ${name}`);
    }
    for (const option of command.options) assert.notEqual(option.description, '', `${command.name()} ${option.flags}`);
  }
});

test('every example begins with mcpvault somewhere and names a command that exists', () => {
  const known = everyCommand(program);
  for (const command of known) {
    for (const { command: line } of examplesOf(command)) {
      const words = /\bmcpvault (.*)/.exec(line)?.[1]?.split(' ') ?? [];
      const root = program.commands.find((each) => each.name() === words[0]);
      assert.ok(root !== undefined, line);
      if (root.commands.length > 0)
        assert.ok(
          root.commands.some((each) => each.name() === words[1]),
          line,
        );
    }
  }
});
