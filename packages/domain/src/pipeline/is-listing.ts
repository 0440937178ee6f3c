import type { Exchange } from './exchange.ts';

/** Whose answers say what there is, and so are read by models as what they may do. */
const listings: ReadonlySet<string> = new Set([
  'initialize',
  'server/discover',
  'tools/list',
  'prompts/list',
  'resources/list',
  'resources/templates/list',
]);

export function isListingMethod(method: string | null | undefined): boolean {
  return method != null && listings.has(method);
}

export function isListing({ direction, answers }: Pick<Exchange, 'direction' | 'answers'>): boolean {
  return direction === 'result' && isListingMethod(answers?.method);
}
