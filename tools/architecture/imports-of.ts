// What a source file asks for: every import, re-export, dynamic import and file named by its own URL.
import { codeOnly } from './code-only.ts';

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Gone before the code runs: `import type`, `export type … from`, `import('…').Type`. */
  readonly typeOnly: boolean;
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
  const found = (match: RegExpMatchArray, specifier: string | undefined, typeOnly: boolean): Import => ({
    specifier: specifier ?? '',
    line: code.slice(0, match.index).split('\n').length,
    typeOnly,
  });
  return [
    ...matches(statement).map((match) => found(match, match[2], match[1] !== undefined)),
    ...matches(call).map((match) => found(match, match[1], match[2] !== undefined)),
    ...matches(resolved).map((match) => found(match, match[1], false)),
    ...matches(located).map((match) => found(match, match[1], false)),
  ];
}
