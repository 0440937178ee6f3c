interface Page<Item> {
  readonly items: readonly Item[];
  readonly next: string | null;
}

/** The most a list operation gives at once. */
export const pageSize = 200;

/** Every item of a list, asked for page by page. */
export async function allPages<Item>(ask: (cursor: string | undefined) => Promise<Page<Item>>): Promise<Item[]> {
  const items: Item[] = [];
  let cursor: string | undefined;
  do {
    const page = await ask(cursor);
    items.push(...page.items);
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return items;
}
