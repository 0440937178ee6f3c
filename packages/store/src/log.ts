/** Where this room reports what an operator may want to know. The hub hands in its logger; fields never hold secrets. */
export interface Log {
  info(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
  /** Someone must act now. */
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}
