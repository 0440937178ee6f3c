// Finds the ways in a graph that lead back to where they began.

/**
 * One cycle for each knot of the graph, as the nodes on the way with the first repeated at the end; none when there are
 * none. Nodes that are named only as targets have no arrows.
 */
export function cyclesIn(arrows: ReadonlyMap<string, ReadonlySet<string>>): string[][] {
  const done = new Set<string>();
  const cycles: string[][] = [];
  const visit = (node: string, way: readonly string[]): void => {
    const seen = way.indexOf(node);
    if (seen !== -1) {
      cycles.push([...way.slice(seen), node]);
      return;
    }
    if (done.has(node)) return;
    for (const next of arrows.get(node) ?? []) visit(next, [...way, node]);
    done.add(node);
  };
  for (const node of arrows.keys()) visit(node, []);
  return cycles;
}
