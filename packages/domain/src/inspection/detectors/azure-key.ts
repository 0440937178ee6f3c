import { readAssignment, secretAssignment } from '../assignment.ts';
import type { Detector, Report } from '../detector.ts';

const base64Key = /[A-Za-z0-9+/]{43,86}={1,2}(?![A-Za-z0-9+/=])/y;
const keyName = /(?:account|sharedaccess|access|storage|shared)[_-]?key$|azure[a-z_-]{0,30}key$/;
const clientSecret = /(?<![A-Za-z0-9_~.-])[A-Za-z0-9_~.]{3}\dQ~[A-Za-z0-9_~.-]{31,34}(?![A-Za-z0-9_~.-])/y;
const sasSignature = /=[A-Za-z0-9%+/]{40,128}(?:%3[Dd]|={1,2})/y;

export const azureKey: Detector = {
  id: 'azure-key',
  group: 'secrets',
  title: 'Azure key',
  description:
    'Keys in connection strings (AccountKey=…, SharedAccessKey=…), signatures of shared access links (sig=…) and client secrets of Entra applications.',
  anchors: [
    secretAssignment,
    { chars: '=', behind: String.raw`(?:[?&;"]|\\u0026|amp;)sig`, ahead: '[A-Za-z0-9%+/]{40}' },
    { chars: '~', behind: String.raw`[A-Za-z0-9_~.]{3}\dQ`, ahead: '[A-Za-z0-9_~.-]{31}' },
  ],
  judge(text, at, report) {
    if (text[at] === '~') judgeClientSecret(text, at, report);
    else if (text.startsWith('sig', at - 3)) judgeSignature(text, at, report);
    else judgeKey(text, at, report);
  },
};

function judgeKey(text: string, at: number, report: Report): void {
  const found = readAssignment(text, at, keyName);
  if (found === null) return;
  base64Key.lastIndex = found.start;
  if (base64Key.test(text)) report(found.start, base64Key.lastIndex, 0.95);
}

function judgeSignature(text: string, at: number, report: Report): void {
  sasSignature.lastIndex = at;
  if (sasSignature.test(text)) report(at + 1, sasSignature.lastIndex, 0.85);
}

function judgeClientSecret(text: string, at: number, report: Report): void {
  clientSecret.lastIndex = at - 5;
  if (clientSecret.test(text)) report(at - 5, clientSecret.lastIndex, 0.9);
}
