/** Every text, number and truth value within a JSON value, in its order; of texts and bare values, the value itself. */
export function* valuesWithin(root: unknown): Generator<unknown> {
  const waiting: unknown[] = [root];
  while (waiting.length > 0) {
    const value = waiting.pop();
    if (typeof value !== 'object' || value === null) yield value;
    else {
      const members: readonly unknown[] = Array.isArray(value)
        ? value
        : value instanceof Map
          ? [...value.values()]
          : Object.values(value);
      for (let index = members.length - 1; index >= 0; index--) waiting.push(members[index]);
    }
  }
}
