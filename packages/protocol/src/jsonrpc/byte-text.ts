/** Longer ones would not lie on the engine's own heap, where reading a character costs several times as much. */
const piece = 1_000_000;

/** The latin1 view of bytes: one character per byte, so that offsets in it are offsets of bytes. */
export function byteText(raw: Buffer): string {
  if (raw.length <= piece) return raw.toString('latin1');
  const pieces: string[] = [];
  for (let from = 0; from < raw.length; from += piece) pieces.push(raw.toString('latin1', from, from + piece));
  return pieces.join('');
}
