/**
 * What one character is to the eye: lower case, without ornament, compatibility forms written out. Asked once for each
 * character there is and remembered, because texts consist of few of them.
 */

/** The character is not there to be seen; it is passed over, and its place remembered. */
export const unseen = -1;

/** Code points of the folded character, `unseen` alone for what nobody sees. Never empty. */
export function folded(codePoint: number): readonly number[] {
  const known = remembered.get(codePoint);
  if (known !== undefined) return known;
  const found = fold(codePoint);
  // Hostile texts may use all of Unicode; what is remembered stays bounded by it, at a few megabytes.
  remembered.set(codePoint, found);
  return found;
}

const remembered = new Map<number, readonly number[]>();
const invisible = Object.freeze([unseen]);
const space = Object.freeze([0x20]);

function fold(codePoint: number): readonly number[] {
  if (isUnseen(codePoint)) return invisible;
  // Tag characters repeat ASCII where no font shows it.
  if (codePoint >= 0xe0020 && codePoint <= 0xe007e) return fold(codePoint - 0xe0000);
  // Regional indicators and the letters in circles and squares have no compatibility form.
  if (codePoint >= 0x1f1e6 && codePoint <= 0x1f1ff) return [codePoint - 0x1f1e6 + 0x61];
  for (const start of enclosedLetters)
    if (codePoint >= start && codePoint < start + 26) return [codePoint - start + 0x61];
  const character = String.fromCodePoint(codePoint);
  if (/\s/.test(character)) return codePoint === 0x0a ? [0x0a] : space;
  const plain = character
    .normalize('NFKD')
    .toLowerCase()
    .normalize('NFKD')
    .replace(/(?!^)[\u0300-\u036f]/g, '');
  const points = Array.from(plain, (each) => each.codePointAt(0) ?? 0);
  if (points.every((point) => point >= 0x300 && point <= 0x36f)) return invisible;
  return points.map((point) => alike.get(point) ?? point);
}

const enclosedLetters = [0x1f130, 0x1f150, 0x1f170];

function isUnseen(codePoint: number): boolean {
  if (codePoint < 0xad) return codePoint < 0x20 && codePoint !== 0x0a && codePoint !== 0x09 && codePoint !== 0x0d;
  if (codePoint === 0xad || codePoint === 0x34f || codePoint === 0x61c || codePoint === 0x3164) return true;
  if (codePoint >= 0x300 && codePoint <= 0x36f) return true;
  if (codePoint >= 0x200b && codePoint <= 0x200f) return true;
  if (codePoint >= 0x202a && codePoint <= 0x202e) return true;
  if (codePoint >= 0x2060 && codePoint <= 0x206f) return true;
  if (codePoint >= 0xfe00 && codePoint <= 0xfe0f) return true;
  if (codePoint === 0xfeff || codePoint === 0x115f || codePoint === 0x1160 || codePoint === 0xffa0) return true;
  if (codePoint >= 0x180b && codePoint <= 0x180e) return true;
  return codePoint === 0xe0001 || codePoint === 0xe007f || (codePoint >= 0xe0100 && codePoint <= 0xe01ef);
}

/** Letters outside Latin scripts that are Latin to the eye whatever the word, and typographic marks. */
const alike: ReadonlyMap<number, number> = pairs(
  '‘\'’\'‚\'‛\'“"”"„"«"»"–-—-‐-‑-−-―-…․·.•*⁄/∕/×xıiłløođdħhŧtæeœeßsþpðdɡgɑaɩiɪiʏyʀrʟlɴnʙbɢgʜhᴀaᴄcᴅdᴇeᴊjᴋkᴍmᴏoᴘpᴛtᴜuᴠvᴡwᴢzꜱsꜰf',
);

/** Cyrillic, Greek and Armenian letters that look Latin: what they are in a word that is otherwise Latin. */
export const lookalikes: ReadonlyMap<number, number> = pairs(
  'аaеeоoрpсcуyхxіiјjѕsԁdһhӏlкkмmтtвbнhгrпnиuзeчyԛqԝwгrьbъbѵvғfөoүyαaβbεeηnιiκkνvοoρpτtυuχxγyωwσoζzμuϲcϳjհhօoսuցgոnոnտsվqյjⲟoⅼlցgɴnꮯcꮪsꭺaᏴbᎪaᎬeᎻhᏦkᏞlᎷmᏢpᎡrᏚsᎢtᏙvᏔwᏃz',
);

function pairs(written: string): ReadonlyMap<number, number> {
  const points = Array.from(written, (each) => each.codePointAt(0) ?? 0);
  const found = new Map<number, number>();
  for (let at = 0; at + 1 < points.length; at += 2) found.set(points[at] ?? 0, points[at + 1] ?? 0);
  return found;
}
