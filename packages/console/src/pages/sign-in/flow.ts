// What only this tab knows of a sign-in with a provider that is under way: without it, nobody can finish what began here, and
// nobody can have it finished here what began elsewhere.

export interface Flow {
  readonly provider: string;
  readonly flow: string;
  /** Where to go afterwards. */
  readonly next?: string | undefined;
}

const key = 'mcpvault.sign-in-under-way';

export function keepFlow(storage: Pick<Storage, 'setItem'>, flow: Flow): void {
  storage.setItem(key, JSON.stringify(flow));
}

/** null where none began in this tab, or with another provider. */
export function takeFlow(storage: Pick<Storage, 'getItem' | 'removeItem'>, provider: string): Flow | null {
  const kept = storage.getItem(key);
  storage.removeItem(key);
  if (kept === null) return null;
  try {
    const flow = JSON.parse(kept) as Partial<Flow> | null;
    if (typeof flow?.flow !== 'string' || flow.provider !== provider) return null;
    return { provider, flow: flow.flow, next: typeof flow.next === 'string' ? flow.next : undefined };
  } catch {
    return null;
  }
}
