// What an expression may speak of, as data: one table is the type checker's, the editor's and the reference page's.

/** `int` values are bigints, `double` values numbers, `timestamp` values Dates. `dyn` is whatever a message holds. */
export type ValueType =
  | 'string'
  | 'bool'
  | 'int'
  | 'double'
  | 'timestamp'
  | 'dyn'
  | 'list<string>'
  | 'list<dyn>'
  | 'map<string, dyn>';

export interface ValueDeclaration {
  readonly type: ValueType;
  /** For people, one sentence. */
  readonly means: string;
}

/** A named group of values, reached as `group.value`. */
export interface GroupDeclaration {
  readonly means: string;
  readonly fields: Readonly<Record<string, ValueDeclaration>>;
}

export type VariableDeclarations = Readonly<Record<string, ValueDeclaration | GroupDeclaration>>;

export interface FunctionDeclaration {
  /** CEL signature such as `hosts(dyn): list<string>` or `string.matches(string): bool`. */
  readonly signature: string;
  readonly means: string;
  readonly example: string;
}

export function isGroup(declared: ValueDeclaration | GroupDeclaration): declared is GroupDeclaration {
  return 'fields' in declared;
}

type Value<Type extends ValueType> = Type extends 'string'
  ? string
  : Type extends 'bool'
    ? boolean
    : Type extends 'int'
      ? bigint
      : Type extends 'double'
        ? number
        : Type extends 'timestamp'
          ? Date
          : Type extends 'list<string>'
            ? readonly string[]
            : Type extends 'list<dyn>'
              ? readonly unknown[]
              : Type extends 'map<string, dyn>'
                ? Readonly<Record<string, unknown>>
                : unknown;

/** The object that holds a value for each declared variable. Getters work, and run only for what an expression asks. */
export type ContextOf<Declared extends VariableDeclarations> = {
  readonly [Name in keyof Declared]: Declared[Name] extends GroupDeclaration
    ? { readonly [Field in keyof Declared[Name]['fields']]: Value<Declared[Name]['fields'][Field]['type']> }
    : Declared[Name] extends ValueDeclaration
      ? Value<Declared[Name]['type']>
      : never;
};
