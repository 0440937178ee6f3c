/**
 * A parsed JSON value as expressions can read it. The library tells maps from other things by their `constructor`, so an
 * object that has a member of that name becomes a Map; everything else stays as it is. Depth is bounded by whoever parsed.
 */
export function readableValue(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    const read = value.map(readableValue);
    return read.some((item, index) => item !== value[index]) ? read : value;
  }
  const entries = Object.entries(value).map(([key, member]) => [key, readableValue(member)] as const);
  if (Object.hasOwn(value, 'constructor')) return new Map(entries);
  const members = value as Readonly<Record<string, unknown>>;
  return entries.some(([key, member]) => member !== members[key]) ? Object.fromEntries(entries) : value;
}

/** Whether a JSON text could hold such a member at all; nearly none does. */
export function needsReading(text: string): boolean {
  return text.includes('constructor') || text.includes('\\u');
}
