import { type EncodedRun, encodedRuns, placeInRun } from './encoded-runs.ts';
import { imageTexts } from './image-texts.ts';
import type { View } from './view.ts';

/** Bytes that are looked at to see whether a run decodes to text at all. */
const sampled = 48;

/** What base64 and hexadecimal digits in a text decode to, where that is text or a picture with text in it. */
export function encodedViews(text: string): readonly View[] {
  const views: View[] = [];
  for (const run of encodedRuns(text)) {
    const hex = hexView(run);
    if (hex !== null) views.push(hex);
    else views.push(...base64Views(run));
  }
  return views;
}

function hexView(run: EncodedRun): View | null {
  const { written } = run;
  if (written.length % 2 !== 0 || !/^[0-9A-Fa-f]{24}/.test(written) || /[^0-9A-Fa-f]/.test(written)) return null;
  const text = Buffer.from(written, 'hex').toString('latin1');
  if (!reads(text)) return null;
  return { text, encoding: 'hex', placesOf: (start, end) => [placeInRun(run, start * 2, end * 2)] };
}

function base64Views(run: EncodedRun): readonly View[] {
  const { written } = run;
  const head = Buffer.from(written.slice(0, (sampled * 4) / 3), 'base64');
  const placeOf = (start: number, end: number) =>
    placeInRun(run, Math.floor(start / 3) * 4, Math.min(written.length, Math.ceil(end / 3) * 4));
  const view = (text: string, from: number, unit: number): View => ({
    text,
    encoding: 'base64',
    placesOf: (start, end) => [placeOf(from + start * unit, from + end * unit)],
  });
  if (isWide(head)) {
    const wide = Buffer.from(written, 'base64').toString('utf16le');
    return reads(wide) ? [view(wide, 0, 2)] : [];
  }
  if (reads(head.toString('latin1'))) return [view(Buffer.from(written, 'base64').toString('latin1'), 0, 1)];
  if (!mayBeImage(head)) return [];
  return imageTexts(Buffer.from(written, 'base64')).map(({ text, start, end, isExact }) =>
    isExact ? view(text, start, 1) : { text, encoding: 'base64', placesOf: () => [placeOf(start, end)] },
  );
}

/** PNG, JPEG, RIFF (WebP), GIF. */
function mayBeImage(head: Buffer): boolean {
  const first = head.length < 12 ? 0 : head.readUInt32BE(0);
  return first === 0x89504e47 || first >>> 8 === 0xffd8ff || first === 0x52494646 || first === 0x47494638;
}

/** Every second byte is zero, as in UTF-16 of plain English. */
function isWide(head: Buffer): boolean {
  let zeros = 0;
  for (let at = 1; at < head.length; at += 2) if (head[at] === 0 && head[at - 1] !== 0) zeros++;
  return head.length >= 12 && zeros >= head.length * 0.45;
}

/** Nearly all of its beginning is what is printed. */
function reads(text: string): boolean {
  const size = Math.min(text.length, sampled);
  let printed = 0;
  for (let at = 0; at < size; at++) {
    const code = text.charCodeAt(at);
    if ((code >= 0x20 && code < 0x7f) || code === 0x0a || code === 0x0d || code === 0x09) printed++;
  }
  return size >= 12 && printed >= size * 0.9;
}
