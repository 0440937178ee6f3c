import type { Detector } from '../detector.ts';
import { entropy } from '../entropy.ts';
import { isPlaceholder } from '../placeholder.ts';

/** From `w` or `k` on, to where the value begins. */
const told = /(?:word|key|ken) (?:is|was|to|ist):? (?:now |set to )?["'`\\]{0,3}/iy;
const named =
  /(?:\bpass|(?:\b|_)(?:api|access|secret|auth|private|bearer|service|admin|login)[ _-](?:to)?|(?:\b|_)to)$/i;
const value = /[^\s"'`<>,;()[\]{}\\]{6,128}/y;
const hex = /^[0-9a-f]{16,}$/i;

export const secretInWords: Detector = {
  id: 'secret-in-words',
  group: 'secrets',
  title: 'Secret told in a sentence',
  description:
    'A value that looks random behind words such as “the password is” or “the API key was”. Words, names, dates and templates are not reported.',
  anchors: [
    {
      chars: 'wWkK',
      ahead: '(?:[oO][rR][dD]|[eE][yY]|[eE][nN]) (?:is|was|to|ist):? [^ ]',
    },
  ],
  judge(text, at, report) {
    told.lastIndex = at;
    if (!told.test(text) || !named.test(text.slice(Math.max(0, at - 16), at))) return;
    const start = told.lastIndex;
    value.lastIndex = start;
    if (!value.test(text)) return;
    const written = text.slice(start, value.lastIndex).replace(/[.!?:]+$/, '');
    if (looksRandom(written)) report(start, start + written.length, 0.75);
  },
};

/** Letters with digits or signs among them; a capital at the beginning and digits at the end are what words have too. */
function looksRandom(written: string): boolean {
  if (written.length < 6 || isPlaceholder(written) || /^\d+(?:[./:-]\d+)*$|:\/\//.test(written)) return false;
  if (hex.test(written)) return entropy(written) >= 2.8;
  const classes = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((one) => one.test(written)).length;
  return (
    /\d/.test(written) &&
    /[A-Za-z]/.test(written) &&
    classes >= 2 &&
    entropy(written) >= 2.5 &&
    !/^[A-Z]?[a-z]+\d{1,2}$/.test(written)
  );
}
