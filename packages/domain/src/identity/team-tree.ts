// Teams lie in teams, and members have supervisors: both are trees, and stay trees.

/** Upward: of each node its parent; null, or missing, at the top. */
export type Upward<Node extends string> = ReadonlyMap<Node, Node | null>;

/** Deeper ones are a mistake rather than an organization. */
export const deepest = 32;

/** The node and all above it, nearest first. Ends also where the given map goes round in circles. */
export function lineOf<Node extends string>(upward: Upward<Node>, node: Node): readonly Node[] {
  const line: Node[] = [];
  const seen = new Set<Node>();
  for (let at: Node | null = node; at !== null && !seen.has(at); at = upward.get(at) ?? null) {
    seen.add(at);
    line.push(at);
  }
  return line;
}

/** Why the node may not be put below this parent; null when it may. */
export function whyNotBelow<Node extends string>(
  upward: Upward<Node>,
  node: Node,
  parent: Node,
): 'circle' | 'too deep' | null {
  const above = lineOf(upward, parent);
  if (above.includes(node)) return 'circle';
  return above.length + heightOf(upward, node) > deepest ? 'too deep' : null;
}

/** How many levels the node and what lies below it take. */
function heightOf<Node extends string>(upward: Upward<Node>, node: Node): number {
  let height = 1;
  for (const below of upward.keys()) {
    const at = lineOf(upward, below).indexOf(node);
    if (at >= height) height = at + 1;
  }
  return height;
}
