import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { safeLine } from '../../output/safe-text.ts';

export type Grant = OutputOf<Operations['createGrant']>;

/** The grant as a sentence. */
export function grantLine(grant: Grant): string {
  const { subject, server, effect, condition } = grant;
  const who = subject.type === 'role' ? `Everyone with the role ${subject.label}` : safeLine(subject.label);
  const what = isWhole(grant) ? server.name : `${whatText(grant)} of ${server.name}`;
  const when = condition === null ? '' : ` where ${safeLine(condition)}`;
  return `${who} ${effect === 'deny' ? 'may not use' : 'may use'} ${what}${when}`;
}

/** What it names of its server. */
export function whatText(grant: Grant): string {
  if (isWhole(grant)) return 'all';
  const { tools, prompts, resources } = grant;
  const prompted = (prompts ?? []).map((name) => `prompt ${name}`);
  return [...(tools ?? []), ...prompted, ...(resources ?? [])].map(safeLine).join(', ');
}

function isWhole({ tools, prompts, resources }: Grant): boolean {
  return tools === null && prompts === null && resources === null;
}
