// Values of a text that somebody is writing: whatever they are just now, the form must have something to show. Pure.

export function asText(value: unknown): string {
  return typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';
}

/** The texts of a list; a single text is a list of one. */
export function asList(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(asText).filter((text) => text !== '');
  return typeof value === 'string' && value !== '' ? [value] : [];
}

export function asObject(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
