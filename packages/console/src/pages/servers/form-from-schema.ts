// Makes a form out of a tool's input schema, and arguments out of what was filled in. What a form cannot say plainly is
// edited as JSON, field by field; the server judges the arguments in any case. Pure.

type Schema = Readonly<Record<string, unknown>>;

interface FieldBase {
  readonly name: string;
  readonly label: string;
  readonly description: string | null;
  readonly required: boolean;
  /** What stands in the form at first. */
  readonly initial: Draft;
}

export type FormField = FieldBase &
  (
    | { readonly kind: 'text'; readonly long: boolean; readonly placeholder: string }
    | { readonly kind: 'number'; readonly whole: boolean; readonly min: number | null; readonly max: number | null }
    | { readonly kind: 'switch' }
    | { readonly kind: 'choice'; readonly choices: readonly { readonly label: string; readonly value: unknown }[] }
    /** One item a line. */
    | { readonly kind: 'lines'; readonly of: 'text' | 'number' }
    | { readonly kind: 'group'; readonly fields: readonly FormField[] }
    | { readonly kind: 'json' }
  );

/** What a control holds: its text (for a choice, the index of the choice), a switch's state (null: left alone), a group. */
export type Draft = string | boolean | null | { readonly [name: string]: Draft };
export type Drafts = Readonly<Record<string, Draft>>;

/** null: the schema does not describe an object with named properties; edit the arguments as JSON. */
export function formFromSchema(schema: Schema): readonly FormField[] | null {
  const root = resolved(schema, schema);
  if (root['type'] !== undefined && root['type'] !== 'object') return null;
  if (['oneOf', 'anyOf', 'allOf', 'patternProperties'].some((word) => root[word] !== undefined)) return null;
  if (isObject(root['additionalProperties']) && root['properties'] === undefined) return null;
  return fieldsOf(root, schema, 0);
}

function fieldsOf(schema: Schema, root: Schema, depth: number): readonly FormField[] {
  const properties = isObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'] : [];
  const fields = Object.entries(properties).map(([name, property]) =>
    fieldOf(name, resolved(property, root), required.includes(name), root, depth),
  );
  return [...fields.filter((field) => field.required), ...fields.filter((field) => !field.required)];
}

function fieldOf(name: string, schema: Schema, required: boolean, root: Schema, depth: number): FormField {
  const base = {
    name,
    label: typeof schema['title'] === 'string' ? schema['title'] : name,
    description: typeof schema['description'] === 'string' ? schema['description'] : null,
    required,
  };
  const given = schema['default'];
  const text = (value: unknown) =>
    value === undefined ? '' : typeof value === 'string' ? value : JSON.stringify(value);

  const choices = choicesOf(schema);
  if (choices) {
    const at = choices.findIndex((choice) => JSON.stringify(choice.value) === JSON.stringify(given));
    return { ...base, kind: 'choice', choices, initial: at >= 0 ? String(at) : '' };
  }
  switch (schema['type']) {
    case 'string': {
      const long =
        (numberOr(schema['maxLength']) ?? 0) > 200 || /text|content|body|message|query|prompt|code/i.test(name);
      return { ...base, kind: 'text', long, placeholder: placeholderOf(schema), initial: text(given) };
    }
    case 'number':
    case 'integer':
      return {
        ...base,
        kind: 'number',
        whole: schema['type'] === 'integer',
        min: numberOr(schema['minimum']),
        max: numberOr(schema['maximum']),
        initial: text(given),
      };
    case 'boolean':
      return { ...base, kind: 'switch', initial: typeof given === 'boolean' ? given : required ? false : null };
    case 'array': {
      const items = resolved(schema['items'], root);
      const of =
        items['type'] === 'string'
          ? 'text'
          : items['type'] === 'number' || items['type'] === 'integer'
            ? 'number'
            : null;
      if (of === null || choicesOf(items)) break;
      return { ...base, kind: 'lines', of, initial: Array.isArray(given) ? given.map(text).join('\n') : '' };
    }
    case 'object': {
      if (depth >= 1 || !isObject(schema['properties']) || Object.keys(schema['properties']).length === 0) break;
      const fields = fieldsOf(schema, root, depth + 1);
      return { ...base, kind: 'group', fields, initial: draftsOf(fields) };
    }
    default:
  }
  return { ...base, kind: 'json', initial: given === undefined ? '' : JSON.stringify(given, null, 2) };
}

function placeholderOf(schema: Schema): string {
  const examples = schema['examples'];
  if (Array.isArray(examples) && examples.length > 0) return String(examples[0]);
  return typeof schema['format'] === 'string' ? schema['format'] : '';
}

function choicesOf(schema: Schema): { label: string; value: unknown }[] | null {
  if (Array.isArray(schema['enum'])) {
    return schema['enum'].map((value) => ({ label: typeof value === 'string' ? value : JSON.stringify(value), value }));
  }
  const options = schema['oneOf'] ?? schema['anyOf'];
  if (!Array.isArray(options) || !options.every((option) => isObject(option) && option['const'] !== undefined))
    return null;
  return (options as Schema[]).map((option) => ({
    label: String(option['title'] ?? option['const']),
    value: option['const'],
  }));
}

/** Follows local references, and takes "this or null" as this. */
function resolved(schema: unknown, root: Schema, steps = 0): Schema {
  if (!isObject(schema) || steps > 8) return {};
  const reference = schema['$ref'];
  if (typeof reference === 'string') {
    const { $ref: _, ...beside } = schema;
    return { ...resolved(pointed(root, reference), root, steps + 1), ...beside };
  }
  const type = schema['type'];
  if (Array.isArray(type)) {
    const others = type.filter((one) => one !== 'null');
    return others.length === 1 ? { ...schema, type: others[0] } : { ...schema, type: undefined };
  }
  const options = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(options)) {
    const others = options.filter((option) => !(isObject(option) && option['type'] === 'null'));
    if (others.length === 1 && options.length === 2) {
      const { anyOf: _anyOf, oneOf: _oneOf, ...beside } = schema;
      return { ...resolved(others[0], root, steps + 1), ...beside };
    }
  }
  return schema;
}

function pointed(root: Schema, reference: string): unknown {
  if (reference === '#') return root;
  if (!reference.startsWith('#/')) return {};
  let at: unknown = root;
  for (const step of reference.slice(2).split('/')) {
    if (!isObject(at)) return {};
    at = at[decodeURIComponent(step).replaceAll('~1', '/').replaceAll('~0', '~')];
  }
  return at;
}

export function draftsOf(fields: readonly FormField[]): { [name: string]: Draft } {
  return Object.fromEntries(fields.map((field) => [field.name, field.initial]));
}

export interface Filled {
  readonly args: Readonly<Record<string, unknown>>;
  /** By the field's path: `options.depth`. */
  readonly errors: Readonly<Record<string, string>>;
}

/** Optional fields left empty are left out of the arguments. */
export function argumentsFrom(fields: readonly FormField[], drafts: Drafts, path = ''): Filled {
  const args: Record<string, unknown> = {};
  const errors: Record<string, string> = {};
  for (const field of fields) {
    const at = path + field.name;
    if (field.kind === 'group') {
      const draft = drafts[field.name];
      const inner = argumentsFrom(field.fields, isDrafts(draft) ? draft : {}, `${at}.`);
      const isEmpty = Object.keys(inner.args).length === 0;
      if (!field.required && isEmpty) continue;
      args[field.name] = inner.args;
      Object.assign(errors, inner.errors);
      continue;
    }
    const value = valueOf(field, drafts[field.name] ?? field.initial);
    if ('error' in value) errors[at] = value.error;
    else if (value.is !== undefined) args[field.name] = value.is;
    else if (field.required) errors[at] = 'This is needed.';
  }
  return { args, errors };
}

type Value = { readonly is: unknown } | { readonly error: string };

function valueOf(field: FormField, draft: Draft): Value {
  if (field.kind === 'switch') return { is: typeof draft === 'boolean' ? draft : undefined };
  const text = typeof draft === 'string' ? draft : '';
  switch (field.kind) {
    case 'text':
      // An empty text is a value where one is needed.
      return { is: text === '' && !field.required ? undefined : text };
    case 'choice':
      return { is: text === '' ? undefined : field.choices[Number(text)]?.value };
    case 'number':
      return text.trim() === '' ? { is: undefined } : numberFrom(text, field.whole, field.min, field.max);
    case 'lines': {
      const lines = text.split('\n').filter((line) => line.trim() !== '');
      if (lines.length === 0) return { is: field.required ? [] : undefined };
      if (field.of === 'text') return { is: lines };
      const numbers = lines.map(Number);
      return numbers.some(Number.isNaN) ? { error: 'Write one number a line.' } : { is: numbers };
    }
    default:
      return text.trim() === '' ? { is: undefined } : jsonFrom(text);
  }
}

function numberFrom(text: string, whole: boolean, min: number | null, max: number | null): Value {
  const value = Number(text);
  if (!Number.isFinite(value)) return { error: 'This is not a number.' };
  if (whole && !Number.isInteger(value)) return { error: 'Use a whole number.' };
  if (min !== null && value < min) return { error: `Use ${min} or more.` };
  if (max !== null && value > max) return { error: `Use ${max} or less.` };
  return { is: value };
}

function jsonFrom(text: string): Value {
  try {
    return { is: JSON.parse(text) as unknown };
  } catch {
    return { error: 'This is not JSON.' };
  }
}

function isObject(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isDrafts(draft: Draft | undefined): draft is { readonly [name: string]: Draft } {
  return typeof draft === 'object' && draft !== null;
}

function numberOr(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}
