import type { Detector } from '../detector.ts';

const begin = /-----BEGIN (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
/**
 * What may stand in the body: base64, its headers (`Proc-Type: 4,ENCRYPTED`), line breaks as they are or escaped any
 * number of times, and the border between two strings of an array that holds the lines.
 */
const body =
  /(?:[A-Za-z0-9+/=:,.()@ \t\r\n]|-(?!----)|\\{1,15}(?:[nrt/]|u000[9AaDd])|"[ \t\r\n]{0,64},[ \t\r\n]{0,64}"){0,20000}/y;
const end = /-----END (?:[A-Z0-9]{1,16} ){0,3}PRIVATE KEY(?: BLOCK)?-----/y;
/** A block without its end is a key only if key material follows soon; elsewhere the header is merely mentioned. */
const material = /[A-Za-z0-9+/=]{24}/;
const soon = 240;

export const privateKey: Detector = {
  id: 'private-key',
  group: 'secrets',
  title: 'Private key',
  description:
    'Private keys as PEM blocks (PKCS#8, RSA, EC, DSA, OpenSSH, PGP), with real or escaped line breaks, also when the end is cut off or the lines are strings of an array.',
  anchors: [{ chars: '-', behind: '----', ahead: 'BEGIN [A-Z0-9 ]{0,54}PRIVATE KEY' }],
  judge(text, at, report) {
    const start = at - 4;
    begin.lastIndex = start;
    if (start < 0 || !begin.test(text)) return;
    body.lastIndex = begin.lastIndex;
    body.test(text);
    end.lastIndex = body.lastIndex;
    if (end.test(text)) report(start, end.lastIndex, 1);
    else if (material.test(text.slice(begin.lastIndex, Math.min(body.lastIndex, begin.lastIndex + soon))))
      report(start, body.lastIndex, 0.8);
  },
};
