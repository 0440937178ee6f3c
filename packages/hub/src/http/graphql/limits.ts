// How much one GraphQL request may ask for. A request is refused before any of it is done, but for the count of operations,
// which depends on what is found.
import { Failure } from '@mcpvault/domain/failure';
import { type DocumentNode, type FragmentDefinitionNode, Kind, type SelectionSetNode } from 'graphql';

export const graphqlLimits = {
  /** Words and signs of a request. */
  tokens: 5_000,
  /** Fields within fields. */
  depth: 16,
  /** Fields, each counted as often as fragments bring it in. */
  fields: 1_000,
  aliases: 50,
  /** Changes in one request. */
  mutations: 10,
  /** Operations that are done for one request: one for each field that is one, for each thing that it hangs on. */
  operations: 100,
} as const;

interface Counted {
  fields: number;
  aliases: number;
  depth: number;
}

/** For documents that were validated, whose fragments are there and go in no circle. Throws `invalid_request`. */
export function demandBounded(document: DocumentNode): void {
  const fragments = new Map<string, FragmentDefinitionNode>();
  for (const part of document.definitions) {
    if (part.kind === Kind.FRAGMENT_DEFINITION) fragments.set(part.name.value, part);
  }
  const counted: Counted = { fields: 0, aliases: 0, depth: 0 };
  for (const part of document.definitions) {
    if (part.kind !== Kind.OPERATION_DEFINITION) continue;
    count(part.selectionSet, fragments, counted, 1);
    const changes = part.operation === 'mutation' ? rootFields(part.selectionSet, fragments) : 0;
    if (changes > graphqlLimits.mutations) throw tooMuch('changes', graphqlLimits.mutations);
  }
}

function count(
  { selections }: SelectionSetNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
  counted: Counted,
  depth: number,
): void {
  if (depth > graphqlLimits.depth) throw tooMuch('fields within fields', graphqlLimits.depth);
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) {
      counted.fields += 1;
      if (selection.alias !== undefined) counted.aliases += 1;
      if (counted.fields > graphqlLimits.fields) throw tooMuch('fields', graphqlLimits.fields);
      if (counted.aliases > graphqlLimits.aliases) throw tooMuch('aliases', graphqlLimits.aliases);
      if (selection.selectionSet !== undefined) count(selection.selectionSet, fragments, counted, depth + 1);
      continue;
    }
    const inner =
      selection.kind === Kind.INLINE_FRAGMENT
        ? selection.selectionSet
        : fragments.get(selection.name.value)?.selectionSet;
    if (inner !== undefined) count(inner, fragments, counted, depth);
  }
}

function rootFields({ selections }: SelectionSetNode, fragments: ReadonlyMap<string, FragmentDefinitionNode>): number {
  let sum = 0;
  for (const selection of selections) {
    if (selection.kind === Kind.FIELD) sum += 1;
    else if (selection.kind === Kind.INLINE_FRAGMENT) sum += rootFields(selection.selectionSet, fragments);
    else {
      const named = fragments.get(selection.name.value);
      if (named !== undefined) sum += rootFields(named.selectionSet, fragments);
    }
  }
  return sum;
}

export function tooMuch(what: string, most: number): Failure {
  return new Failure('invalid_request', `One request asks for ${most} ${what} at most.`, {
    fix: 'Ask for less at once: smaller pages, or several requests.',
  });
}
