/** A LIKE pattern that finds `text` anywhere, taking its characters literally. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&').replaceAll('\0', '')}%`;
}
