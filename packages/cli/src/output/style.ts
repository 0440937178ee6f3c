// Colour for people: chosen once per stream, off wherever it would end up in a file.
import type { Io, OutputStream } from '../io.ts';

const sequences = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Tone = keyof typeof sequences;
export type Style = (tone: Tone, text: string) => string;

export function createStyle(enabled: boolean): Style {
  if (!enabled) return (_tone, text) => text;
  return (tone, text) => {
    const [on, off] = sequences[tone];
    return text === '' ? '' : `\u001b[${on}m${text}\u001b[${off}m`;
  };
}

/** FORCE_COLOR wins, then NO_COLOR, then whether the stream is a terminal that can. */
export function wantsColor(stream: OutputStream, env: Io['env']): boolean {
  const forced = env.FORCE_COLOR;
  if (forced !== undefined && forced !== '') return forced !== '0' && forced !== 'false';
  if (env.NO_COLOR !== undefined && env.NO_COLOR !== '') return false;
  return stream.isTTY === true && env.TERM !== 'dumb';
}
