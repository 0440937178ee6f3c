import { readAssignment, secretAssignment } from '../assignment.ts';
import type { Detector, Report } from '../detector.ts';
import { entropy } from '../entropy.ts';
import { isPlaceholder } from '../placeholder.ts';

const bearer = /[Bb](?:earer|EARER)[ ]{1,4}([A-Za-z0-9._~+/-]{16,}={0,2})/y;
const headerName = /(?:^|^[nrt]|[^a-z])(?:proxy-)?authorization$/;
const scheme = /^(bearer|basic|token|apikey|api-key|negotiate|ntlm|key)[ ]{1,4}(?=[^ ])/i;
const credential = /[A-Za-z0-9._~+/=:|-]{8,}/y;

export const authorization: Detector = {
  id: 'authorization',
  group: 'secrets',
  title: 'Authorization header or bearer token',
  description:
    'The credential of an Authorization or Proxy-Authorization header (Bearer, Basic, Token, …), and bearer tokens anywhere in a text. The scheme is not reported.',
  anchors: [{ chars: 'Bb', ahead: '(?:earer|EARER)[ ]{1,4}[A-Za-z0-9._~+/-]{16}' }, secretAssignment],
  judge(text, at, report) {
    if (text[at] === ':' || text[at] === '=') judgeHeader(text, at, report);
    else judgeBearer(text, at, report);
  },
};

function judgeBearer(text: string, at: number, report: Report): void {
  bearer.lastIndex = at;
  const token = bearer.exec(text)?.[1];
  if (token === undefined || !/\d/.test(token) || !/[A-Za-z]/.test(token) || entropy(token.slice(0, 512)) < 3) return;
  report(bearer.lastIndex - token.length, bearer.lastIndex, 0.85);
}

function judgeHeader(text: string, at: number, report: Report): void {
  const found = readAssignment(text, at, headerName);
  if (found === null) return;
  // Outside quotes the value was read up to the first space: the scheme alone.
  const value = text.slice(found.start, found.quoted ? found.end : found.start + 64);
  const named = scheme.exec(value)?.[0] ?? '';
  const start = found.start + named.length;
  credential.lastIndex = start;
  if (!credential.test(text) || isPlaceholder(text.slice(start, start + 64))) return;
  const end = found.quoted ? Math.min(credential.lastIndex, found.end) : credential.lastIndex;
  const looksRandom = named === '' ? /[0-9]/ : /[0-9+/=]|[a-z][A-Z]/;
  if (looksRandom.test(text.slice(start, end))) report(start, end, named === '' ? 0.6 : 0.9);
}
