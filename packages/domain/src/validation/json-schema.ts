// Checks JSON values against JSON Schemas that strangers wrote (2020-12 and the drafts before it, as far as they agree).
// Bounded in steps and depth, patterns run on a linear-time engine, and nothing is ever fetched: a reference leads to
// another place in the same schema, or the schema cannot be used. It refuses to guess: what it cannot check it says.
import { compilePattern, PatternProblem } from '../expression/pattern.ts';
import { sameJson } from './same-json.ts';

export interface SchemaProblem {
  /** JSON pointer into the value. Names of members are the value's own; values never appear. */
  readonly pointer: string;
  /** For people. */
  readonly problem: string;
}

export type Validity =
  | { readonly kind: 'valid' }
  /** At most `mostProblems`, in the order of the schema. */
  | { readonly kind: 'invalid'; readonly problems: readonly SchemaProblem[] }
  /** The schema asks for something that is not done here, or for more work than is allowed. */
  | { readonly kind: 'unusable'; readonly why: string };

export interface JsonSchema {
  validate(value: unknown): Validity;
}

export const mostProblems = 8;
/** Keywords looked at, members and elements gone through, characters compared, all together. */
const mostSteps = 200_000;
const mostDepth = 64;
const longestPointer = 300;

/** Compiles nothing yet: a schema is only looked at as far as values lead into it. */
export function createJsonSchema(root: unknown): JsonSchema {
  const patterns = new Map<string, (text: string) => boolean>();
  const matches = (source: string, text: string): boolean => {
    let test = patterns.get(source);
    if (test === undefined) {
      if (patterns.size >= 200) throw new Unusable('it has more patterns than are looked at');
      const compiled = patternOf(source);
      test = (given) => compiled.test(given);
      patterns.set(source, test);
    }
    return test(text);
  };
  return {
    validate(value) {
      const check = new Check(root, matches);
      try {
        check.at(root, value, '', 0);
      } catch (error) {
        if (error instanceof Unusable) return { kind: 'unusable', why: error.message };
        if (!(error instanceof Enough)) throw error;
      }
      return check.problems.length === 0 ? { kind: 'valid' } : { kind: 'invalid', problems: check.problems };
    },
  };
}

class Unusable extends Error {}
class Enough extends Error {}
type Schema = Readonly<Record<string, unknown>>;

function patternOf(source: string) {
  try {
    return compilePattern(source);
  } catch (error) {
    if (error instanceof PatternProblem) throw new Unusable('it has a pattern that is not looked at');
    throw error;
  }
}

class Check {
  readonly problems: SchemaProblem[] = [];
  readonly #root: unknown;
  readonly #matches: (source: string, text: string) => boolean;
  #steps = 0;
  /** How many alternatives are being tried: what they find wrong is not said. */
  #trying = 0;

  constructor(root: unknown, matches: (source: string, text: string) => boolean) {
    this.#root = root;
    this.#matches = matches;
  }

  /** False when `value` does not fit `schema`; the problems say why. */
  at(schema: unknown, value: unknown, pointer: string, depth: number): boolean {
    this.#spend(1);
    if (depth > mostDepth) throw new Unusable('it is nested too deeply, or refers to itself without end');
    if (schema === true || schema === undefined) return true;
    if (schema === false) return this.#wrong(pointer, 'nothing is allowed here');
    if (!isObject(schema)) throw new Unusable('a part of it is neither an object nor true or false');
    this.#spend(Object.keys(schema).length);
    const before = depth + 1;
    return [
      this.#reference(schema, value, pointer, before),
      this.#kind(schema, value, pointer),
      this.#combined(schema, value, pointer, before),
      typeof value === 'string' ? this.#text(schema, value, pointer) : true,
      typeof value === 'number' ? this.#number(schema, value, pointer) : true,
      Array.isArray(value) ? this.#list(schema, value, pointer, before) : true,
      isObject(value) ? this.#object(schema, value, pointer, before) : true,
    ].every(Boolean);
  }

  #reference(schema: Schema, value: unknown, pointer: string, depth: number): boolean {
    const reference = schema['$ref'] ?? schema['$dynamicRef'];
    if (reference === undefined) return true;
    return this.at(this.#resolved(reference), value, pointer, depth);
  }

  #resolved(reference: unknown): unknown {
    if (typeof reference !== 'string' || !reference.startsWith('#'))
      throw new Unusable('it refers to a schema outside of itself, and nothing is fetched');
    if (reference === '#') return this.#root;
    if (!reference.startsWith('#/')) return this.#anchored(reference.slice(1));
    let place: unknown = this.#root;
    for (const part of decoded(reference).slice(2).split('/')) {
      this.#spend(1);
      const key = part.replaceAll('~1', '/').replaceAll('~0', '~');
      place =
        (isObject(place) || Array.isArray(place)) && Object.hasOwn(place, key) ? Reflect.get(place, key) : undefined;
    }
    if (place === undefined) throw new Unusable('it refers to a part of itself that is not there');
    return place;
  }

  #anchored(name: string): unknown {
    const waiting: unknown[] = [this.#root];
    for (let place = waiting.pop(); place !== undefined; place = waiting.pop()) {
      this.#spend(1);
      if (isObject(place) && (place['$anchor'] === name || place['$dynamicAnchor'] === name)) return place;
      if (typeof place === 'object' && place !== null)
        waiting.push(...Object.values(place).filter((each) => typeof each === 'object' && each !== null));
    }
    throw new Unusable('it refers to a part of itself that is not there');
  }

  #kind(schema: Schema, value: unknown, pointer: string): boolean {
    const { type, enum: choices } = schema;
    const types = strings(Array.isArray(type) ? type : [type]);
    if (types.length > 0 && !types.some((each) => isOfType(value, each)))
      return this.#wrong(pointer, `it should be ${types.join(' or ').slice(0, 80)}`);
    if (Array.isArray(choices) && !choices.some((each) => this.#same(each, value)))
      return this.#wrong(pointer, 'it is none of the values that are listed');
    if (Object.hasOwn(schema, 'const') && !this.#same(schema['const'], value))
      return this.#wrong(pointer, 'it is not the one value that is allowed');
    return true;
  }

  #same(a: unknown, b: unknown): boolean {
    return sameJson(a, b, () => this.#spend(1));
  }

  #combined(schema: Schema, value: unknown, pointer: string, depth: number): boolean {
    const { allOf, anyOf, oneOf, not } = schema;
    let fits = true;
    if (Array.isArray(allOf)) for (const each of allOf) fits = this.at(each, value, pointer, depth) && fits;
    if (Array.isArray(anyOf) && !anyOf.some((each) => this.#tried(each, value, pointer, depth)))
      fits = this.#wrong(pointer, 'it fits none of the alternatives');
    if (Array.isArray(oneOf)) {
      const count = oneOf.filter((each) => this.#tried(each, value, pointer, depth)).length;
      if (count !== 1) fits = this.#wrong(pointer, `it fits ${count} of the alternatives and should fit exactly one`);
    }
    if (not !== undefined && this.#tried(not, value, pointer, depth))
      fits = this.#wrong(pointer, 'it is what is excluded');
    if (schema['if'] !== undefined) {
      const next = this.#tried(schema['if'], value, pointer, depth) ? schema['then'] : schema['else'];
      fits = this.at(next, value, pointer, depth) && fits;
    }
    return fits;
  }

  #tried(schema: unknown, value: unknown, pointer: string, depth: number): boolean {
    this.#trying++;
    try {
      return this.at(schema, value, pointer, depth);
    } finally {
      this.#trying--;
    }
  }

  #text({ minLength, maxLength, pattern }: Schema, value: string, pointer: string): boolean {
    this.#spend(value.length >> 6);
    if (typeof minLength === 'number' || typeof maxLength === 'number') {
      const length = value.length > 4 * mostSteps ? value.length : Array.from(value).length;
      if (length < Number(minLength ?? 0)) return this.#wrong(pointer, 'the text is too short');
      if (length > Number(maxLength ?? Number.POSITIVE_INFINITY)) return this.#wrong(pointer, 'the text is too long');
    }
    if (typeof pattern !== 'string') return true;
    this.#spend(value.length >> 2);
    return this.#matches(pattern, value) || this.#wrong(pointer, 'the text is not of the form that is asked for');
  }

  #number(schema: Schema, value: number, pointer: string): boolean {
    const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf } = schema;
    if (typeof minimum === 'number' && value < minimum) return this.#wrong(pointer, 'the number is too small');
    if (typeof maximum === 'number' && value > maximum) return this.#wrong(pointer, 'the number is too large');
    if (typeof exclusiveMinimum === 'number' && value <= exclusiveMinimum)
      return this.#wrong(pointer, 'the number is too small');
    if (typeof exclusiveMaximum === 'number' && value >= exclusiveMaximum)
      return this.#wrong(pointer, 'the number is too large');
    if (typeof multipleOf !== 'number' || multipleOf <= 0) return true;
    const times = value / multipleOf;
    const isWhole = Math.abs(times - Math.round(times)) <= 1e-9 * Math.max(1, Math.abs(times));
    return isWhole || this.#wrong(pointer, 'the number is not a multiple of what is asked for');
  }

  #list(schema: Schema, value: readonly unknown[], pointer: string, depth: number): boolean {
    const { minItems, maxItems, uniqueItems, contains, minContains, maxContains } = schema;
    this.#spend(value.length);
    let fits = true;
    if (typeof minItems === 'number' && value.length < minItems) fits = this.#wrong(pointer, 'the list is too short');
    if (typeof maxItems === 'number' && value.length > maxItems) fits = this.#wrong(pointer, 'the list is too long');
    if (uniqueItems === true && value.some((each, at) => value.slice(0, at).some((other) => this.#same(each, other))))
      fits = this.#wrong(pointer, 'the list holds the same thing twice');
    // Before 2020-12 a list under `items` was what `prefixItems` is now.
    const first = Array.isArray(schema['prefixItems'])
      ? schema['prefixItems']
      : Array.isArray(schema['items'])
        ? schema['items']
        : [];
    const rest = Array.isArray(schema['items']) ? schema['additionalItems'] : schema['items'];
    value.forEach((each, at) => {
      fits = this.at(at < first.length ? first[at] : rest, each, `${pointer}/${at}`, depth) && fits;
    });
    if (contains === undefined) return fits;
    const count = value.filter((each) => this.#tried(contains, each, pointer, depth)).length;
    const isEnough = count >= (typeof minContains === 'number' ? minContains : 1);
    const isTooMuch = typeof maxContains === 'number' && count > maxContains;
    return isEnough && !isTooMuch
      ? fits
      : this.#wrong(pointer, 'the list does not hold as many of a kind as it should');
  }

  #object(schema: Schema, value: Schema, pointer: string, depth: number): boolean {
    const names = Object.keys(value);
    this.#spend(names.length);
    let fits = true;
    const { required, minProperties, maxProperties, propertyNames, dependentRequired, dependentSchemas } = schema;
    for (const name of strings(required))
      if (!Object.hasOwn(value, name)) fits = this.#wrong(pointer, `the member “${shown(name)}” is missing`);
    if (typeof minProperties === 'number' && names.length < minProperties)
      fits = this.#wrong(pointer, 'there are too few members');
    if (typeof maxProperties === 'number' && names.length > maxProperties)
      fits = this.#wrong(pointer, 'there are too many members');
    for (const name of names) {
      if (propertyNames !== undefined) fits = this.at(propertyNames, name, pointer, depth) && fits;
      fits = this.#member(schema, name, value[name], `${pointer}/${segment(name)}`, depth) && fits;
      for (const other of strings(isObject(dependentRequired) ? own(dependentRequired, name) : undefined))
        if (!Object.hasOwn(value, other)) fits = this.#wrong(pointer, `the member “${shown(other)}” is missing`);
      const dependent = isObject(dependentSchemas) ? own(dependentSchemas, name) : undefined;
      if (dependent !== undefined) fits = this.at(dependent, value, pointer, depth) && fits;
    }
    return fits;
  }

  #member(schema: Schema, name: string, value: unknown, pointer: string, depth: number): boolean {
    const { properties, patternProperties, additionalProperties } = schema;
    let fits = true;
    let isKnown = false;
    if (isObject(properties) && Object.hasOwn(properties, name)) {
      isKnown = true;
      fits = this.at(properties[name], value, pointer, depth);
    }
    if (isObject(patternProperties))
      for (const [pattern, each] of Object.entries(patternProperties)) {
        this.#spend(1 + (name.length >> 2));
        if (!this.#matches(pattern, name)) continue;
        isKnown = true;
        fits = this.at(each, value, pointer, depth) && fits;
      }
    if (isKnown || additionalProperties === undefined) return fits;
    if (additionalProperties === false) return this.#wrong(pointer, 'there should be no such member');
    return this.at(additionalProperties, value, pointer, depth);
  }

  #wrong(pointer: string, problem: string): false {
    if (this.#trying > 0) return false;
    this.problems.push({ pointer: pointer.slice(0, longestPointer), problem });
    if (this.problems.length >= mostProblems) throw new Enough();
    return false;
  }

  #spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > mostSteps) throw new Unusable('checking against it takes too long');
  }
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isOfType(value: unknown, type: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isObject(value);
    case 'integer':
      return typeof value === 'number' && Number.isInteger(value);
    default:
      return typeof value === type;
  }
}

function strings(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string') : [];
}

function own(value: Schema, name: string): unknown {
  return Object.hasOwn(value, name) ? value[name] : undefined;
}

function decoded(reference: string): string {
  try {
    return decodeURIComponent(reference);
  } catch {
    return reference;
  }
}

const shown = (name: string): string => name.slice(0, 60);
const segment = (name: string): string => shown(name).replaceAll('~', '~0').replaceAll('/', '~1');
