// What a source file asks for: every import, re-export, dynamic import and file named by its own URL.
import { codeOnly } from './code-only.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /**
   * When it takes effect: never, for what is gone before the code runs (`import type`, `export type … from`,
   * `import('…').Type`); while this file runs; or in a process of its own (`new URL('./x.ts', import.meta.url)`).
   */
  readonly when: 'never' | 'running' | 'elsewhere';
}

// The formatter puts every import statement at the start of a line.
const statement = /^(?:import|export)\s+(type\s+(?=[\w{*]))?(?:[\w*{][^'";]*?\sfrom\s*)?['"]([^'"\n]+)['"]/gm;
const call = /\bimport\(\s*['"]([^'"\n]+)['"]\s*\)(\.[A-Z])?/g;
const resolved = /\bimport\.meta\.resolve\(\s*['"]([^'"\n]+)['"]/g;
// Scripts that are started by path: new URL('./x.ts', import.meta.url).
const located = /\bnew URL\(\s*['"](\.[^'"\n]+\.(?:ts|mjs))['"],\s*import\.meta\.url/g;

export function importsOf(source: string): Import[] {
  const code = codeOnly(source, true);
  const bare = codeOnly(source, false);
  const matches = (form: RegExp): RegExpMatchArray[] =>
    // A string may talk about imports; then the keyword is blank where strings are.
    [...code.matchAll(form)].filter((match) => /^(import|export|new)\b/.test(bare.slice(match.index)));
  const found = (match: RegExpMatchArray, specifier: string | undefined, when: Import['when']): Import => ({
    specifier: specifier ?? '',
    line: code.slice(0, match.index).split('\n').length,
    when,
  });
  return [
    ...matches(statement).map((match) => found(match, match[2], match[1] === undefined ? 'running' : 'never')),
    ...matches(call).map((match) => found(match, match[1], match[2] === undefined ? 'running' : 'never')),
    ...matches(resolved).map((match) => found(match, match[1], 'running')),
    ...matches(located).map((match) => found(match, match[1], 'elsewhere')),
  ];
}
