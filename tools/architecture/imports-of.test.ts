import assert from 'node:assert/strict';
import { test } from 'node:test';
import { importsOf } from './imports-of.ts';

function found(source: string): string[] {
  return importsOf(source).map(({ specifier, when }) => (when === 'running' ? specifier : `${when}: ${specifier}`));
}

test('every form of import and re-export is found', () => {
  const source = [
    "import './effect.ts';",
    "import whole from 'whole';",
    "import * as all from '@scope/all/part';",
    "import { one, two as three } from './names.ts';",
    "import {\n  spread,\n  over,\n  lines,\n} from './lines.ts';",
    "export { one } from './again.ts';",
    "export * from './everything.ts';",
    "const later = await import('./later.ts');",
    "const path = import.meta.resolve('tool/bin.js');",
    "const script = new URL('./script.ts', import.meta.url);",
  ].join('\n');
  assert.deepEqual(found(source), [
    './effect.ts',
    'whole',
    '@scope/all/part',
    './names.ts',
    './lines.ts',
    './again.ts',
    './everything.ts',
    './later.ts',
    'tool/bin.js',
    'elsewhere: ./script.ts',
  ]);
});

test('what is erased before running is known as such, and an inline type is not erased', () => {
  const source = [
    "import type { A } from './a.ts';",
    "export type { B } from './b.ts';",
    "import { type C } from './c.ts';",
    "let d: import('./d.ts').D;",
  ].join('\n');
  assert.deepEqual(found(source), ['never: ./a.ts', 'never: ./b.ts', './c.ts', 'never: ./d.ts']);
});

test('an import named type is an import', () => {
  assert.deepEqual(found("import type from './type.ts';"), ['./type.ts']);
});

test('comments, templates and strings hold no imports', () => {
  const source = [
    "// import a from './a.ts';",
    "/*\nimport b from './b.ts';\n*/",
    "const text = `\nimport c from './c.ts';\n${`\nimport d from './d.ts';\n`}\nimport e from './e.ts';\n`;",
    'const quoted = "import(\'./f.ts\')";',
  ].join('\n');
  assert.deepEqual(found(source), []);
});

test('quotes inside regular expressions and JSX text do not hide what follows', () => {
  const source = [
    'const quote = /[\'"`/]/.test(x) ? 1 / 2 : 3;',
    "const text = <p>Don't</p>;",
    "import after from './after.ts';",
  ].join('\n');
  assert.deepEqual(found(source), ['./after.ts']);
});

test('an export that merely holds a string is no import', () => {
  assert.deepEqual(found("export const from = 'here';\nexport type Way = 'from' | 'to';"), []);
});

test('the line is that of the statement', () => {
  assert.deepEqual(
    importsOf("\n// two lines above\nimport './x.ts';").map(({ line }) => line),
    [3],
  );
});
