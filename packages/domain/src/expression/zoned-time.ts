// The clock on somebody's wall: parts of an instant in a named time zone. Formatters are made once for each zone.
import type { FunctionDeclaration } from './declaration.ts';

type Part = 'hour' | 'minute' | 'weekday';

const formatters = new Map<string, Intl.DateTimeFormat>();
const mostZones = 500;
const weekdays = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];

function formatterFor(zone: string): Intl.DateTimeFormat {
  const known = formatters.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    hour: 'numeric',
    minute: 'numeric',
    weekday: 'short',
  });
  if (formatters.size >= mostZones) formatters.clear();
  formatters.set(zone, made);
  return made;
}

/** Throws a `RangeError` for a zone that nobody knows. */
export function inZone(instant: Date, zone: string, wanted: Part): bigint {
  for (const { type, value } of formatterFor(zone).formatToParts(instant)) {
    if (type === wanted) return BigInt(wanted === 'weekday' ? weekdays.indexOf(value) : Number(value));
  }
  throw new RangeError('this instant has no such part');
}

/** The library's methods that take a zone, under the names of ours. */
export const zonedNames: Readonly<Record<string, string>> = {
  getHours: 'hoursInZone',
  getMinutes: 'minutesInZone',
  getDayOfWeek: 'weekdayInZone',
};

type Zoned = Pick<FunctionDeclaration, 'signature'> & { readonly call: (instant: Date, zone: string) => bigint };

export const zonedFunctions: readonly Zoned[] = [
  zoned('hoursInZone', 'hour'),
  zoned('minutesInZone', 'minute'),
  zoned('weekdayInZone', 'weekday'),
];

function zoned(name: string, part: Part): Zoned {
  return {
    signature: `google.protobuf.Timestamp.${name}(string): int`,
    call: (instant, zone) => inZone(instant, zone, part),
  };
}
