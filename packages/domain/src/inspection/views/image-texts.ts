// The texts that pictures carry beside what they show: PNG's tEXt, zTXt, iTXt and eXIf, JPEG's comments, EXIF, XMP and
// IPTC, WebP's EXIF and XMP, GIF's comments. Bounded: a broken or hostile picture costs no more than its size.
import { inflateSync } from 'node:zlib';

export interface ImageText {
  /** One character per byte. */
  readonly text: string;
  /** Offsets into the picture. */
  readonly start: number;
  readonly end: number;
  /** Whether `text` is these bytes, one for one; otherwise they hold it compressed. */
  readonly isExact: boolean;
}

const mostTexts = 64;
const longestText = 262_144;

export function imageTexts(image: Buffer): readonly ImageText[] {
  if (image.length < 16) return [];
  const first = image.readUInt32BE(0);
  if (first === 0x89504e47) return [...pngTexts(image)].slice(0, mostTexts);
  if (first >>> 8 === 0xffd8ff) return [...jpegTexts(image)].slice(0, mostTexts);
  if (first === 0x52494646 && image.readUInt32BE(8) === 0x57454250) return [...webpTexts(image)].slice(0, mostTexts);
  return first === 0x47494638 ? [...gifTexts(image)].slice(0, mostTexts) : [];
}

function exact(image: Buffer, start: number, end: number): ImageText {
  const stop = Math.min(end, image.length, start + longestText);
  return { text: image.toString('latin1', start, stop), start, end: stop, isExact: true };
}

function* pngTexts(image: Buffer): Generator<ImageText> {
  for (let at = 8; at + 12 <= image.length; ) {
    const length = image.readUInt32BE(at);
    const kind = image.toString('latin1', at + 4, at + 8);
    const [start, end] = [at + 8, at + 8 + length];
    if (kind === 'tEXt' || kind === 'eXIf') yield exact(image, start, end);
    else if (kind === 'iTXt' || kind === 'zTXt') {
      const text = kind === 'zTXt' ? compressedAt(image, start, end, 1) : internationalText(image, start, end);
      if (text !== null) yield text;
    } else if (kind === 'IEND') return;
    at = end + 4;
  }
}

/** Keyword, flag, method, language and translated keyword stand before the text. */
function internationalText(image: Buffer, start: number, end: number): ImageText | null {
  const flag = image.indexOf(0, start) + 1;
  if (flag === 0 || flag >= end) return null;
  if (image[flag] !== 1) return exact(image, start, end);
  const language = image.indexOf(0, flag + 2) + 1;
  const keyword = language === 0 ? 0 : image.indexOf(0, language) + 1;
  return keyword === 0 || keyword >= end ? null : inflated(image, keyword, end);
}

function compressedAt(image: Buffer, start: number, end: number, skipped: number): ImageText | null {
  const data = image.indexOf(0, start) + 1;
  return data === 0 || data + skipped >= end ? null : inflated(image, data + skipped, end);
}

function inflated(image: Buffer, start: number, end: number): ImageText | null {
  try {
    const text = inflateSync(image.subarray(start, end), { maxOutputLength: longestText }).toString('latin1');
    return { text, start, end: Math.min(end, image.length), isExact: false };
  } catch {
    return null;
  }
}

function* jpegTexts(image: Buffer): Generator<ImageText> {
  for (let at = 2; at + 4 <= image.length && image[at] === 0xff; ) {
    const marker = image[at + 1] ?? 0;
    // Where the picture itself begins, nothing more is said.
    if (marker === 0xda || marker === 0xd9) return;
    const end = at + 2 + image.readUInt16BE(at + 2);
    if (marker === 0xfe || marker === 0xe1 || marker === 0xed) yield exact(image, at + 4, end);
    at = Math.max(end, at + 4);
  }
}

function* webpTexts(image: Buffer): Generator<ImageText> {
  for (let at = 12; at + 8 <= image.length; ) {
    const kind = image.toString('latin1', at, at + 4);
    const length = image.readUInt32LE(at + 4);
    if (kind === 'EXIF' || kind === 'XMP ') yield exact(image, at + 8, at + 8 + length);
    at += 8 + length + (length % 2);
  }
}

/** Comments are blocks of up to 255 bytes behind 21 FE; the lengths between them stay in the text. */
function* gifTexts(image: Buffer): Generator<ImageText> {
  const mark = Buffer.from([0x21, 0xfe]);
  for (let at = image.indexOf(mark, 13); at !== -1; at = image.indexOf(mark, at + 2)) {
    let end = at + 2;
    while (end < image.length && image[end] !== 0) end += 1 + (image[end] ?? 0);
    yield exact(image, at + 3, Math.min(end, image.length));
    at = Math.max(at, Math.min(end, image.length) - 2);
  }
}
