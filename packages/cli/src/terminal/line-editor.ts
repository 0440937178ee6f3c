// What a line of typed keys amounts to. Pure: bytes of a terminal in raw mode go in as text, the line comes out.

export interface Line {
  readonly text: string;
  readonly ended: 'no' | 'entered' | 'interrupted';
  /** Keys that came after the end, for the next question. */
  readonly rest: string;
}

export const emptyLine: Line = { text: '', ended: 'no', rest: '' };

const keys = {
  escape: '\u001b',
  interrupt: '\u0003',
  endOfInput: '\u0004',
  backspace: '\u007f',
  backspaceToo: '\b',
  killLine: '\u0015',
  killWord: '\u0017',
} as const;

/** What follows an escape for arrow keys and the like, which have no meaning here. */
const escapeSequence = /^(?:\[[0-?]*[ -/]*[@-~]|O.|.)?/;

export function typeInto(line: Line, typed: string): Line {
  let { text } = line;
  let left = typed;
  while (left !== '') {
    const key = String.fromCodePoint(left.codePointAt(0) ?? 0);
    left = left.slice(key.length);
    if (key === keys.escape) {
      left = left.replace(escapeSequence, '');
      continue;
    }
    if (key === '\r' || key === '\n') {
      return { text, ended: 'entered', rest: key === '\r' && left.startsWith('\n') ? left.slice(1) : left };
    }
    if (key === keys.interrupt || (key === keys.endOfInput && text === '')) {
      return { text: '', ended: 'interrupted', rest: left };
    }
    if (key === keys.backspace || key === keys.backspaceToo) text = Array.from(text).slice(0, -1).join('');
    else if (key === keys.killLine) text = '';
    else if (key === keys.killWord) text = text.replace(/\S*\s*$/, '');
    else if (!/\p{Cc}/u.test(key)) text += key;
  }
  return { text, ended: 'no', rest: '' };
}
