/** What is wrong with an expression, for the person who writes it. Offsets count characters; lines and columns from 1. */
export interface ExpressionProblem {
  readonly message: string;
  readonly start: number;
  readonly end: number;
  readonly line: number;
  readonly column: number;
}

export function problemAt(source: string, start: number, end: number, message: string): ExpressionProblem {
  const before = source.slice(0, start);
  const line = before.split('\n').length;
  return { message, start, end: Math.max(end, start), line, column: start - before.lastIndexOf('\n') };
}

/** In our words where the library's are not plain. */
export function problemFrom(error: unknown, source: string, known: ReadonlySet<string>): ExpressionProblem {
  const { code, summary, range } = error as { code?: string; summary?: string; range?: { start: number; end: number } };
  const start = Math.min(range?.start ?? 0, source.length);
  const end = Math.min(range?.end ?? source.length, source.length);
  return problemAt(source, start, end, wordsFor(code ?? '', summary ?? 'This cannot be read.', known));
}

function wordsFor(code: string, summary: string, known: ReadonlySet<string>): string {
  const name = /: (.+)$/s.exec(summary)?.[1] ?? '';
  switch (code) {
    case 'unknown_variable':
      return `There is no “${name}” here.${closest(name, known)} Known are ${[...known].join(', ')}.`;
    case 'no_such_key':
      return `There is no member “${name}” here.`;
    case 'no_such_overload':
      return `These do not go together: ${name}.`;
    case 'no_matching_overload':
      return `There is no such function for these types: ${/'(.+)'/s.exec(summary)?.[1] ?? summary}.`;
    case 'limit_exceeded':
      return `The condition is too long or nested too deeply: ${summary}.`;
    case 'unexpected_token':
    case 'unexpected_character':
    case 'expected_token':
      return summary.includes('EOF') ? 'The condition stops too early.' : `This does not belong here: ${summary}.`;
    default:
      return summary.endsWith('.') ? summary : `${summary}.`;
  }
}

function closest(name: string, known: ReadonlySet<string>): string {
  const near = [...known].find((one) => one.startsWith(name.slice(0, 3)) || name.startsWith(one.slice(0, 3)));
  return near === undefined ? '' : ` Did you mean “${near}”?`;
}
