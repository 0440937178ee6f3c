import type { Detector, Report } from '../detector.ts';
import { namedBefore } from '../named-before.ts';

const part = '(?:25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const four = new RegExp(String.raw`(?:${part}\.){3}${part}(?![A-Za-z0-9_]|\.\d)`, 'y');
const six = /[0-9A-Fa-f:]{2,39}(?:\.\d{1,3}){0,3}/y;
const versions = /(?:version|release|build|chrome|firefox|safari|v)["' :=/]{0,4}$/i;

export const ipAddress: Detector = {
  id: 'ip-address',
  group: 'network',
  title: 'IP address',
  description:
    'Addresses of IPv4 and IPv6, private ones too. Loopback and unspecified addresses, netmasks and version numbers are not reported.',
  anchors: [
    {
      chars: '.',
      behind: String.raw`(?<![0-9A-Za-z.])\d{1,3}|\\[bfnrt]\d{1,3}`,
      ahead: String.raw`\d{1,3}\.\d{1,3}\.\d`,
    },
    {
      chars: ':',
      behind: String.raw`(?:(?<![0-9A-Za-z:.])|\\[bfnrt])(?:[0-9A-Fa-f]{1,4})?`,
      ahead: '[0-9A-Fa-f]{0,4}:',
    },
  ],
  judge(text, at, report) {
    if (text[at] === '.') judgeFour(text, at, report);
    else judgeSix(text, at, report);
  },
};

function judgeFour(text: string, at: number, report: Report): void {
  let start = at;
  while (start > at - 3 && isDigit(text.charCodeAt(start - 1))) start--;
  four.lastIndex = start;
  if (!four.test(text)) return;
  const address = text.slice(start, four.lastIndex);
  if (/^(?:0\.|127\.|255\.255\.)/.test(address) || namedBefore(text, start, versions)) return;
  report(start, four.lastIndex, 0.85);
}

function judgeSix(text: string, at: number, report: Report): void {
  let start = at;
  while (start > at - 4 && isHex(text.charCodeAt(start - 1))) start--;
  six.lastIndex = start;
  if (!six.test(text) || /[A-Za-z0-9_]/.test(text.charAt(six.lastIndex))) return;
  const written = text.slice(start, six.lastIndex).replace(/:$/, '');
  if (!isSix(written)) return;
  report(start, start + written.length, 0.85);
}

/** Eight groups, or fewer around one `::`; not `::` and `::1`, and no times such as 10:20:30. */
function isSix(written: string): boolean {
  const halves = written.split('::');
  if (halves.length > 2 || /^::1?$/.test(written)) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (!groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return false;
  return halves.length === 1 ? groups.length === 8 : groups.length >= 2 && groups.length < 8 && written.length > 6;
}

const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
const isHex = (code: number): boolean =>
  isDigit(code) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
