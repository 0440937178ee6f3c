// The regular expressions of `matches()`: RE2 syntax on an engine whose time grows with the text only, never with how the
// pattern is nested. What that engine cannot do (back references, looking around) is refused when the pattern is written.
import { RE2JS } from 're2js';

export interface Pattern {
  /** True when the pattern occurs anywhere in the text; `^` and `$` anchor it. */
  test(text: string): boolean;
  /** What going through a text costs, in units of a `Budget`. */
  cost(text: string): number;
}

/** Programs beyond this are refused; a long alternation of words has about as many instructions as letters. */
const longestProgram = 1_000;
const longestPattern = 1_000;

/** Throws a `PatternProblem` with words for people. */
export function compilePattern(source: string): Pattern {
  if (source.length > longestPattern)
    throw new PatternProblem(`the pattern has ${source.length} characters; ${longestPattern} are the most`);
  const compiled = read(source);
  const size = compiled.programSize();
  if (size > longestProgram)
    throw new PatternProblem(`the pattern is too large once its repeats are written out; use fewer or smaller ones`);
  const factor = 1 + (size >> 3);
  return {
    test: (text) => compiled.test(text),
    cost: (text) => 1 + (text.length >> 4) * factor,
  };
}

export class PatternProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PatternProblem';
  }
}

function read(source: string): RE2JS {
  try {
    return RE2JS.compile(source);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^error parsing regexp: /, '') : 'it cannot be read';
    const hint = /\(\?[=!<]/.test(source) ? ' (looking ahead or behind is not possible)' : '';
    throw new PatternProblem(`the pattern is not one that RE2 knows: ${why}${hint}`);
  }
}
