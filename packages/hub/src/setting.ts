// What one setting is, and how its text becomes a value. A table of these gives the type, the environment variables, the
// flags, the file, the help and the reference page. Reads nothing by itself.

/** A kind of setting: turns text into a value, or says in a few words what it should have been. */
export interface Kind<Value> {
  /** How the reference page and the help call it. */
  readonly hint: string;
  /** Throws a `SettingProblem`. */
  parse(text: string): Value;
}

export interface Setting<Value = unknown> {
  /** The environment variable. */
  readonly env: string;
  readonly kind: Kind<Value>;
  /** As a person would write it; null when there is none. */
  readonly default: string | null;
  readonly description: string;
  /** Never shown, no flag and not in the file: only the variable, or a file named by the same name with `_FILE`. */
  readonly secret: boolean;
}

export type ValueOf<S> = S extends Setting<infer Value> ? Value : never;

export class SettingProblem extends Error {
  override readonly name = 'SettingProblem';
}

export const text: Kind<string> = { hint: 'text', parse: (given) => given };

export function pattern(hint: string, shape: RegExp): Kind<string> {
  return {
    hint,
    parse(given) {
      if (!shape.test(given)) throw new SettingProblem(`should be ${hint}`);
      return given;
    },
  };
}

export function whole(from: number, to: number): Kind<number> {
  const hint = `${from} to ${to}`;
  return {
    hint,
    parse(given) {
      const value = /^\d+$/.test(given) ? Number(given) : Number.NaN;
      if (!(value >= from && value <= to)) throw new SettingProblem(`should be a whole number from ${hint}`);
      return value;
    },
  };
}

export function choice<const Value extends string>(...values: readonly Value[]): Kind<Value> {
  const hint = values.join(' or ');
  return {
    hint,
    parse(given) {
      const found = values.find((value) => value === given);
      if (found === undefined) throw new SettingProblem(`should be ${hint}`);
      return found;
    },
  };
}

export const onOff: Kind<boolean> = {
  hint: 'on or off',
  parse(given) {
    if (['on', 'true', '1', 'yes'].includes(given)) return true;
    if (['off', 'false', '0', 'no'].includes(given)) return false;
    throw new SettingProblem('should be on or off');
  },
};

export const list: Kind<readonly string[]> = {
  hint: 'comma-separated',
  parse: (given) =>
    given
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
};

/** A list of which each part is judged. */
export function listOf(hint: string, fits: (part: string) => boolean): Kind<readonly string[]> {
  return {
    hint,
    parse(given) {
      const parts = list.parse(given);
      const odd = parts.find((part) => !fits(part));
      if (odd !== undefined) throw new SettingProblem(`should be ${hint}; "${odd}" is none`);
      return parts;
    },
  };
}

const sizes = { '': 1, b: 1, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };

export function size(from: number, to: number): Kind<number> {
  return {
    hint: 'bytes, or e.g. 16MiB',
    parse(given) {
      const parts = /^(\d+(?:\.\d+)?)\s*([kmg]ib|b)?$/i.exec(given);
      const unit = (parts?.[2] ?? '').toLowerCase() as keyof typeof sizes;
      const value = parts ? Math.round(Number(parts[1]) * sizes[unit]) : Number.NaN;
      if (!(value >= from && value <= to)) {
        throw new SettingProblem(`should be bytes, or a size such as 16MiB, from ${from} to ${to} bytes`);
      }
      return value;
    },
  };
}

const units = { '': 1000, ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Milliseconds; written with a unit, or as plain seconds. */
export function duration(from: number, to: number): Kind<number> {
  return {
    hint: 'seconds, or e.g. 500ms, 90s, 5m, 2h',
    parse(given) {
      const parts = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)?$/.exec(given);
      const unit = (parts?.[2] ?? '') as keyof typeof units;
      const value = parts ? Math.round(Number(parts[1]) * units[unit]) : Number.NaN;
      if (!(value >= from && value <= to)) {
        throw new SettingProblem(`should be a time such as 30s or 5m, from ${from} ms to ${to} ms`);
      }
      return value;
    },
  };
}
