import { walkJson } from '../json-walk.ts';
import { closelyRead, type Piece } from './pieces.ts';

/** What a JSON text says to whoever reads its strings, and where in its bytes each unit of that is written. */
export interface ReadableText {
  readonly text: string;
  /** Byte offset of the unit at `index`. */
  startOf(index: number): number;
  /** Byte offset behind the unit at `index`. */
  endOf(index: number): number;
}

/** Shorter strings without a space are names and ids: nobody is talked into anything with them. */
const shortestWord = 24;

/**
 * The strings of the JSON between `start` and `end`, keys left out, one below the other. `text` is the Latin-1 view of UTF-8
 * bytes. Where there is more than can be read closely, the pieces that `choose` gives are taken as they are written.
 */
export function readableText(
  text: string,
  start: number,
  end: number,
  choose: (text: string) => readonly Piece[],
): ReadableText {
  const isLong = end - start > closelyRead;
  const pieces = isLong ? choose(text.slice(start, end)) : [];
  const room = isLong ? pieces.reduce((sum, piece) => sum + piece.text.length + 1, 0) : end - start;
  const units = new Uint16Array(room + 1);
  const places = new Int32Array(room + 2);
  let length = 0;
  const put = (from: number, to: number): void => {
    if (length > 0) {
      units[length] = 0x0a;
      places[length++] = from;
    }
    length = decode(text, from, to, units, places, length);
    places[length] = to;
  };
  for (const piece of pieces) put(start + piece.start, start + piece.start + piece.text.length);
  if (!isLong)
    walkJson(text.slice(start, end), {
      string(from, to) {
        if (to - from >= shortestWord || text.slice(start + from, start + to).includes(' '))
          put(start + from, start + to);
        return true;
      },
    });
  return {
    text: Buffer.from(units.buffer, 0, length * 2).toString('utf16le'),
    startOf: (index) => places[Math.min(index, length)] as number,
    endOf: (index) => places[Math.min(index + 1, length)] as number,
  };
}

const simpleEscapes: Readonly<Record<string, number>> = { n: 0x0a, t: 0x09, r: 0x0d, b: 0x08, f: 0x0c };

/** Writes out UTF-8 and JSON's escapes; what is broken becomes something else, and never longer than it was. */
function decode(text: string, from: number, to: number, units: Uint16Array, places: Int32Array, at: number): number {
  let length = at;
  for (let offset = from; offset < to; ) {
    const byte = text.charCodeAt(offset);
    places[length] = offset;
    if (byte === 0x5c) {
      const next = text.charAt(offset + 1);
      if (next === 'u') {
        // What is no number becomes 0.
        units[length++] = Number.parseInt(text.slice(offset + 2, offset + 6), 16);
        offset += 6;
      } else {
        units[length++] = simpleEscapes[next] ?? (next.charCodeAt(0) || 0x20);
        offset += 2;
      }
    } else if (byte < 0x80) {
      units[length++] = byte;
      offset++;
    } else if (byte < 0xe0) {
      units[length++] = ((byte & 0x1f) << 6) | continuation(text, offset + 1);
      offset += 2;
    } else if (byte < 0xf0) {
      units[length++] = ((byte & 0x0f) << 12) | (continuation(text, offset + 1) << 6) | continuation(text, offset + 2);
      offset += 3;
    } else {
      const point =
        ((byte & 0x07) << 18) |
        (continuation(text, offset + 1) << 12) |
        (continuation(text, offset + 2) << 6) |
        continuation(text, offset + 3);
      places[length + 1] = offset;
      units[length++] = 0xd800 + (((point - 0x10000) >> 10) & 0x3ff);
      units[length++] = 0xdc00 + (point & 0x3ff);
      offset += 4;
    }
  }
  return length;
}

function continuation(text: string, offset: number): number {
  return text.charCodeAt(offset) & 0x3f;
}
