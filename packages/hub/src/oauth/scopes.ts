// What an AI client may be let in to do. A scope only narrows: what the member may not, the client may not either.
import { commandLine } from '@mcpvault/contract/command-line';

/** In words, for the page that asks the member. */
export const scopeTexts = {
  'mcp:read': 'See your tools, read resources and prompts',
  mcp: 'Use your tools and everything else, as you may',
} as const satisfies Record<string, string>;

export type Scope = keyof typeof scopeTexts;
export const scopes = Object.keys(scopeTexts) as readonly Scope[];

/** For those that ask for none. */
export const usualScope: Scope = 'mcp';
/** Carries a sign-in of the command line over to the hub's own kind; good for nothing else. */
export const signInScope = commandLine.scope;

/** Those of ours among what was asked for; the usual one where there are none. */
export function askedScopes(text: string | undefined): readonly Scope[] {
  const asked = new Set((text ?? '').split(' '));
  const ours = scopes.filter((scope) => asked.has(scope));
  return ours.length === 0 ? [usualScope] : ours;
}
