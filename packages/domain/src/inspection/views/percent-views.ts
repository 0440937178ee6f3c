import type { View } from './view.ts';

const encoded = /%[2-7][0-9A-Fa-f]/g;
/** What the parts of a URL are made of; quotes, spaces and brackets end it. */
const around = /[A-Za-z0-9%._~:/?#@!$&'*+,;=-]/;
/** How far around an encoded character is read. */
const reach = 1024;

/** Stretches with percent codes, written out. Only what has an encoded character in it is new. */
export function percentViews(text: string): readonly View[] {
  const views: View[] = [];
  const first = text.indexOf('%');
  if (first === -1) return views;
  encoded.lastIndex = first;
  for (let match = encoded.exec(text); match !== null; match = encoded.exec(text)) {
    let start = match.index;
    while (start > Math.max(0, match.index - reach) && around.test(text.charAt(start - 1))) start--;
    let end = encoded.lastIndex;
    while (end < Math.min(text.length, start + 2 * reach) && around.test(text.charAt(end))) end++;
    views.push(written(text, start, end));
    encoded.lastIndex = Math.max(end, encoded.lastIndex);
  }
  return views;
}

function written(text: string, from: number, to: number): View {
  let decoded = '';
  const starts: number[] = [];
  for (let at = from; at < to; ) {
    starts.push(at);
    const isEncoded = text.charCodeAt(at) === 0x25 && /^[0-9A-Fa-f]{2}$/.test(text.slice(at + 1, at + 3));
    decoded += isEncoded ? String.fromCharCode(Number.parseInt(text.slice(at + 1, at + 3), 16)) : text.charAt(at);
    at += isEncoded ? 3 : 1;
  }
  starts.push(to);
  return {
    text: decoded,
    encoding: 'percent',
    placesOf: (start, end) => {
      const place = { start: starts[start] ?? from, end: starts[end] ?? to };
      return place.end - place.start > end - start ? [place] : [];
    },
  };
}
