import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { safeLine } from '../../output/safe-text.ts';

export type Grant = OutputOf<Operations['createGrant']>;

/** The grant as a sentence. */
export function grantLine({ subject, server, tools }: Grant): string {
  const who = subject.type === 'role' ? `Everyone with the role ${subject.label}` : safeLine(subject.label);
  const what = tools === null ? server.name : `${tools.map(safeLine).join(', ')} of ${server.name}`;
  return `${who} may use ${what}`;
}
