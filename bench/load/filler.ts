/** JSON string content of exactly so many bytes, with the escapes that tool traffic has, and nothing a detector reports. */
export function filler(bytes: number): string {
  const line = String.raw`the order was moved to the second shelf at 09:41, \"status\": \"open\", total 4,211.00, see /srv/notes/q3\n`;
  const whole = line.repeat(Math.floor(bytes / line.length));
  return whole + '.'.repeat(bytes - whole.length);
}
