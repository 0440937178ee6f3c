// The values of a text that say where something goes, or what exactly is meant: addresses, accounts, numbers, names with
// digits. Folded, so that spellings of one address are equal. Every pattern is bounded, so the time grows with the text only.

/** A value that two texts rarely share by chance. */
export interface TellingValue {
  /**
   * `destination`: an address that something can be sent to. `identifier`: a name with digits in it. `link`: a whole URL,
   * with all that it says.
   */
  readonly kind: 'destination' | 'identifier' | 'link';
  readonly value: string;
}

/** How much of one text is gone through, in characters. */
export const longestRead = 262_144;

/** The values of a text, each once. */
export function tellingValues(text: string): readonly TellingValue[] {
  const short = text.length > longestRead ? text.slice(0, longestRead) : text;
  const found = new Map<string, TellingValue>();
  const add = (kind: TellingValue['kind'], value: string): void => {
    if (!found.has(value)) found.set(value, { kind, value });
  };
  addresses(short, add);
  hosts(short, add);
  for (const [written] of short.matchAll(account)) add('destination', written.replaceAll(' ', '').toLowerCase());
  for (const [written] of short.matchAll(number)) {
    const digits = written.replaceAll(/\D/g, '');
    if (digits.length >= 9 && digits.length <= 19 && !isTime.test(written)) add('destination', digits);
  }
  for (const [written] of short.matchAll(identifier)) {
    const plain = written.replace(/[._/-]+$/, '');
    if (plain.length >= 6 && /\d/.test(plain) && /[A-Za-z]/.test(plain)) add('identifier', plain.toLowerCase());
    else if (plain.length >= 5 && /^\d+$/.test(plain)) add('identifier', plain);
  }
  return [...found.values()];
}

const localPart = /[A-Za-z0-9._%+-]{1,64}$/;
const mailHost = /^(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}/;
/** `name at host dot com`, as people write it to hide it from programs. */
const spelled =
  /\b([A-Za-z0-9._-]{1,64})[ \t]{0,2}[[(]?\bat\b[\])]?[ \t]{0,2}([A-Za-z0-9-]{1,63})[ \t]{0,2}[[(]?\bdot\b[\])]?[ \t]{0,2}([A-Za-z]{2,24})\b/gi;
const afterScheme = /^(?:[^\s/@"'<>]{0,64}@)?((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}|\d{1,3}(?:\.\d{1,3}){3})/;
const www = /\bwww\.((?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24})/gi;
const restOfLink = /^:\/\/[^\s"'<>()[\]{}\\`|]+/;
const longestLink = 2_000;
/** A host with a path, without a scheme. */
const bareHost = /(?<![\w./@-])((?:[A-Za-z0-9-]{1,63}\.){1,6}[A-Za-z]{2,24})\/[A-Za-z0-9]/g;
const account =
  /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b|\b0x[0-9a-fA-F]{40}\b|\b(?:bc1|[13])[a-zA-HJ-NP-Z0-9]{25,42}\b/g;
const number = /(?<![\w.])\+?\d[\d ()-]{7,22}\d(?!\w|\.\d)/g;
const isTime = /^\d{4}-\d{2}-\d{2}|^\d{8}T?$|^1[5-9]\d{8}(?:\d{3})?$/;
const identifier = /[A-Za-z0-9][A-Za-z0-9_./-]{4,79}/g;

type Add = (kind: TellingValue['kind'], value: string) => void;

function addresses(text: string, add: Add): void {
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', at + 1)) {
    const name = localPart.exec(text.slice(Math.max(0, at - 64), at))?.[0];
    const host = mailHost.exec(text.slice(at + 1, at + 255))?.[0];
    if (name === undefined || host === undefined) continue;
    add('destination', `${name}@${host}`.toLowerCase());
    addHost(host, add);
  }
  if (!/\bdot\b/i.test(text)) return;
  for (const [, name = '', middle = '', end = ''] of text.matchAll(spelled)) {
    add('destination', `${name}@${middle}.${end}`.toLowerCase());
    addHost(`${middle}.${end}`, add);
  }
}

function hosts(text: string, add: Add): void {
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    const host = afterScheme.exec(text.slice(at + 3, at + 400))?.[1];
    if (host === undefined) continue;
    addHost(host, add);
    const link = restOfLink.exec(text.slice(at, at + longestLink))?.[0] ?? '';
    if (link.length < longestLink) add('link', link.replace(/[.,;:!?]+$/, ''));
  }
  for (const pattern of [www, bareHost])
    for (const [, host = ''] of text.matchAll(pattern)) if (!isFile.test(host)) addHost(host, add);
}

/** `src/main.ts/…` is a path, not a host. */
const isFile =
  /\.(?:ts|js|py|go|rs|java|md|txt|json|ya?ml|html?|css|csv|pdf|png|jpe?g|zip|sh|toml|xml|docx?|xlsx?|pptx?)$/i;

/** What providers of mail share with everybody is no destination of its own. */
const shared: ReadonlySet<string> = new Set([
  'gmail.com',
  'outlook.com',
  'hotmail.com',
  'yahoo.com',
  'icloud.com',
  'proton.me',
  'gmx.net',
  'web.de',
]);

function addHost(written: string, add: Add): void {
  const host = written.toLowerCase().replace(/^www\./, '');
  if (!shared.has(host)) add('destination', host);
}
