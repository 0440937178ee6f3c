import type { Io } from '../io.ts';
import { safeLine } from '../output/safe-text.ts';

export interface Progress {
  /** Replaces what was shown before. */
  show(text: string): void;
  /** Removes the line again. */
  clear(): void;
}

const frames = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
const eraseLine = '\r\u001b[2K';

/** One line at the foot of a terminal. Where stderr is none, or `silent`, nothing is shown. */
export function createProgress(io: Io, silent: boolean): Progress {
  if (silent || io.stderr.isTTY !== true) return { show: () => undefined, clear: () => undefined };
  let step = 0;
  return {
    show: (text) => {
      io.stderr.write(`${eraseLine}${frames[step++ % frames.length]} ${safeLine(text)}`);
    },
    clear: () => {
      io.stderr.write(eraseLine);
    },
  };
}
