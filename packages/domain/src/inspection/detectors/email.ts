import type { Detector } from '../detector.ts';

/**
 * The local part: ASCII, and the two-byte letters of UTF-8 (Latin, Greek, Cyrillic). Scripts written without spaces are
 * left out, since a whole sentence before the address would count as part of it; so are `=`, `?` and `&`, which in a
 * query stand between its name and the address.
 */
const local = /(?<=((?:[A-Za-z0-9.%+'_~-]|[\xc3-\xd4][\x80-\xbf]){1,64}))@/y;
const label = String.raw`[A-Za-z0-9\x80-\xff](?:[A-Za-z0-9\x80-\xff-]{0,61}[A-Za-z0-9\x80-\xff])?`;
const domain = new RegExp(
  String.raw`@((?:${label}\.){1,8}(?:[A-Za-z]{2,24}|xn--[A-Za-z0-9-]{2,59}))(?![A-Za-z0-9-]|\.\d)`,
  'y',
);
/** `name@1.2.3` is a package and its version, `icon@2x.png` an image. */
const versionOrScale = /^(?:v?\d+\.\d|\d+x\.)/;
const insideUrl = /:\/\/[^ \t\r\n"'<>\\/?#]*$/;
const strippable = /^[.%+'_~-]+/;

export const email: Detector = {
  id: 'email',
  group: 'email',
  title: 'E-mail address',
  description:
    'E-mail addresses, also inside longer texts. User names in URLs and git addresses (git@host:…) are not reported.',
  anchors: [
    {
      chars: '@',
      behind: String.raw`[A-Za-z0-9_\x80-\xbf~+-]`,
      ahead: String.raw`[A-Za-z0-9\x80-\xff][A-Za-z0-9\x80-\xff-]{0,62}\.`,
    },
  ],
  judge(text, at, report) {
    domain.lastIndex = at;
    const host = domain.exec(text)?.[1];
    if (host === undefined || versionOrScale.test(host)) return;
    local.lastIndex = at;
    const found = local.exec(text)?.[1];
    if (found === undefined) return;
    const start = beginning(text, at - found.length, at);
    if (start >= at || (text.slice(start, at) === 'git' && text[domain.lastIndex] === ':')) return;
    if (insideUrl.test(text.slice(Math.max(0, start - 128), start))) return;
    report(start, domain.lastIndex, 0.95);
  },
};

/** Steps over the letters of an escape that the local part was run into, and over punctuation before the address. */
function beginning(text: string, from: number, at: number): number {
  let start = from;
  if (text[start - 1] === '\\') {
    let slashes = 1;
    while (slashes < 16 && text[start - 1 - slashes] === '\\') slashes++;
    const letter = text.charAt(start);
    if (letter === 'u') start += 5;
    else if ('nrt'.includes(letter) || ('bf'.includes(letter) && slashes % 2 === 1)) start += 1;
  }
  return start >= at ? at : start + (strippable.exec(text.slice(start, at))?.[0].length ?? 0);
}
