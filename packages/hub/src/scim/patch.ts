// PATCH (RFC 7644 §3.5.2) as identity providers really send it: operations in any case, with and without paths, with dotted
// names where the standard wants objects, and with lists of what to remove. Works on the resource as JSON, and is pure.
import { invalid } from './scim-failure.ts';

export type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json };
export type Resource = Readonly<Record<string, Json>>;
type Draft = Record<string, Json>;

interface Path {
  /** A schema's name where the attribute lies in an extension; null for the core. */
  readonly extension: string | null;
  readonly attribute: string;
  /** Which of several values is meant. */
  readonly only: { readonly attribute: string; readonly value: string } | null;
  readonly inner: string | null;
}

const operationsAtMost = 1000;
const core = /^urn:ietf:params:scim:schemas:core:2\.0:(user|group)(:|$)/i;
const extensions = /^(urn:ietf:params:scim:schemas:extension:[\w.:-]*?:2\.0:user)(?::(.*))?$/i;
const path =
  /^([A-Za-z$][\w$-]*)(?:\[\s*([\w$-]+)\s+eq\s+("(?:[^"\\]|\\.)*"|true|false)\s*\])?(?:\.([A-Za-z$][\w$-]*))?$/i;
const safeName = /^[A-Za-z$][\w$-]*$/;
const unsafe: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/** The resource with the operations of a PatchOp applied to it. Throws a `ScimFailure` for what is none. */
export function applyPatch(resource: Resource, body: unknown): Resource {
  const draft = structuredClone(resource) as Draft;
  for (const { op, path, value } of operationsIn(body)) apply(draft, op, path, value);
  return draft;
}

type Verb = 'add' | 'replace' | 'remove';

function operationsIn(body: unknown): { op: Verb; path: string | null; value: Json | undefined }[] {
  const operations = member(body, 'operations');
  if (!Array.isArray(operations) || operations.length === 0) throw invalid('Operations is missing.', 'invalidSyntax');
  if (operations.length > operationsAtMost) throw invalid(`At most ${operationsAtMost} operations.`, 'tooMany');
  return operations.map((operation: unknown) => {
    const op = member(operation, 'op');
    const verb = typeof op === 'string' ? op.toLowerCase() : '';
    if (verb !== 'add' && verb !== 'replace' && verb !== 'remove') {
      throw invalid('op is none of add, replace and remove.', 'invalidSyntax');
    }
    const at = member(operation, 'path');
    if (at !== undefined && at !== null && typeof at !== 'string') throw invalid('path is no text.', 'invalidPath');
    return {
      op: verb,
      path: at == null || at === '' ? null : at,
      value: member(operation, 'value') as Json | undefined,
    };
  });
}

/** Names of members are compared without regard to case, as all of SCIM's are. */
function member(holder: unknown, name: string): unknown {
  if (typeof holder !== 'object' || holder === null || Array.isArray(holder)) {
    throw invalid('This is no PatchOp.', 'invalidSyntax');
  }
  return Object.entries(holder).find(([key]) => key.toLowerCase() === name)?.[1];
}

function apply(draft: Draft, op: Verb, at: string | null, value: Json | undefined): void {
  if (at !== null) return applyAt(draft, op, parsePath(at), value);
  if (op === 'remove') throw invalid('remove needs a path.', 'noTarget');
  if (!isObject(value)) throw invalid('Without a path, value is an object of attributes.', 'invalidValue');
  for (const [name, inner] of Object.entries(value)) {
    if (name.toLowerCase() === 'schemas') continue;
    const extension = extensions.exec(name);
    if (extension?.[1] !== undefined && extension[2] === undefined && isObject(inner)) {
      for (const [own, each] of Object.entries(inner)) applyAt(draft, op, parsePath(`${extension[1]}:${own}`), each);
    } else applyAt(draft, op, parsePath(name), inner);
  }
}

export function parsePath(text: string): Path {
  const extended = extensions.exec(text);
  const bare = extended === null ? text.replace(core, '') : (extended[2] ?? '');
  const [, attribute, filterName, literal, inner] = path.exec(bare) ?? [];
  if (attribute === undefined) throw invalid(`This path is not understood: ${text.slice(0, 200)}.`, 'invalidPath');
  for (const name of [attribute, filterName, inner]) demandSafe(name);
  return {
    extension: extended?.[1] ?? null,
    attribute,
    only: filterName === undefined || literal === undefined ? null : { attribute: filterName, value: textOf(literal) },
    inner: inner ?? null,
  };
}

function textOf(literal: string): string {
  try {
    return String(JSON.parse(literal.startsWith('"') ? literal : literal.toLowerCase()));
  } catch {
    throw invalid('A value in the path is not understood.', 'invalidPath');
  }
}

function demandSafe(name: string | undefined): void {
  if (name === undefined || (safeName.test(name) && !unsafe.has(name))) return;
  throw invalid('This is no name of an attribute.', 'invalidPath');
}

function applyAt(draft: Draft, op: Verb, { extension, attribute, only, inner }: Path, value: Json | undefined): void {
  const holder = extension === null ? draft : inside(draft, extension);
  const key = keyIn(holder, attribute);
  if (only !== null) return applyToSome(holder, key, op, only, inner, value);
  if (inner !== null) {
    const within = inside(holder, key);
    if (op === 'remove') delete within[keyIn(within, inner)];
    else within[keyIn(within, inner)] = demanded(value);
    return;
  }
  if (op === 'remove') return removeFrom(holder, key, value);
  const before = holder[key];
  const given = demanded(value);
  if (op === 'add' && Array.isArray(before)) holder[key] = union(before, Array.isArray(given) ? given : [given]);
  else if (isObject(before) && isObject(given)) holder[key] = { ...before, ...safe(given) };
  else holder[key] = given;
}

/** The elements that the filter in the path names; where there are none, adding and replacing makes one. */
function applyToSome(
  holder: Draft,
  key: string,
  op: Verb,
  only: NonNullable<Path['only']>,
  inner: string | null,
  value: Json | undefined,
): void {
  const before = holder[key];
  const elements = Array.isArray(before) ? [...(before as Json[])] : [];
  const isMeant = (element: Json): boolean =>
    isObject(element) && isSame(element[keyIn(element, only.attribute)], only.value);
  if (op === 'remove' && inner === null) {
    holder[key] = elements.filter((element) => !isMeant(element));
    return;
  }
  const changed = (element: Draft): Draft => {
    if (inner === null) return { ...element, ...safe(demanded(value)) };
    const { [keyIn(element, inner)]: _, ...rest } = element;
    return op === 'remove' ? rest : { ...rest, [keyIn(element, inner)]: demanded(value) };
  };
  if (op !== 'remove' && !elements.some(isMeant)) elements.push({ [only.attribute]: only.value });
  holder[key] = elements.map((element) => (isMeant(element) ? changed(element as Draft) : element));
}

function isSame(value: Json | undefined, text: string): boolean {
  return (typeof value === 'string' || typeof value === 'boolean') && `${value}`.toLowerCase() === text.toLowerCase();
}

/** Some providers name what to remove in the value, beside a path that names the whole attribute. */
function removeFrom(holder: Draft, key: string, value: Json | undefined): void {
  const before = holder[key];
  const named = value == null ? [] : Array.isArray(value) ? (value as readonly Json[]) : [value];
  if (named.length === 0 || !Array.isArray(before)) {
    delete holder[key];
    return;
  }
  const gone = new Set(named.map(identityOf));
  holder[key] = (before as readonly Json[]).filter((element) => !gone.has(identityOf(element)));
}

function union(before: readonly Json[], more: readonly Json[]): Json[] {
  const known = new Set(before.map(identityOf));
  return [...before, ...more.filter((element) => !known.has(identityOf(element)))];
}

/** What tells one value of an attribute from another: its `value`, as members have it, or all of it. */
function identityOf(element: Json): string {
  const value = isObject(element) ? element[keyIn(element, 'value')] : element;
  return JSON.stringify(value ?? element);
}

function inside(holder: Draft, name: string): Draft {
  const key = keyIn(holder, name);
  const within = holder[key];
  const made: Draft = isObject(within) ? { ...within } : {};
  holder[key] = made;
  return made;
}

/** The name as it is written in there already, else as given. */
function keyIn(holder: object, name: string): string {
  const lower = name.toLowerCase();
  return Object.keys(holder).find((key) => key.toLowerCase() === lower) ?? name;
}

function safe(given: Json): Draft {
  if (!isObject(given)) throw invalid('An object was expected here.', 'invalidValue');
  for (const name of Object.keys(given)) demandSafe(name);
  return given as Draft;
}

function demanded(value: Json | undefined): Json {
  if (value === undefined) throw invalid('value is missing.', 'invalidValue');
  return value;
}

export function isObject(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
