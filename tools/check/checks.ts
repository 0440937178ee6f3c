// The checks of `npm run check`: each is one Node program, run from the root of the clone.

export interface Check {
  readonly name: string;
  /** What Node is started with: a script and its arguments. */
  readonly command: readonly string[];
}

export const checks: readonly Check[] = [
  { name: 'format', command: ['node_modules/@biomejs/biome/bin/biome', 'format', '.'] },
  { name: 'lint', command: ['node_modules/oxlint/bin/oxlint', '--type-aware', '--deny-warnings'] },
  { name: 'types', command: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.json'] },
  {
    name: 'types of the console',
    command: ['node_modules/typescript/bin/tsc', '-p', 'packages/console/tsconfig.json'],
  },
  { name: 'dead code', command: ['node_modules/knip/bin/knip.js', '--no-progress', '--treat-config-hints-as-errors'] },
  { name: 'architecture', command: ['--test', '--test-reporter=dot', 'tools/architecture.test.ts'] },
];
