// What the hub, or what stands in its place, said instead of an answer: translated into how the command ends.
import { ApiError } from '@mcpvault/contract/client';
import { CommandFailure } from '../command-failure.ts';
import type { ExitName } from '../exit-codes.ts';
import { interrupted } from './bounded-fetch.ts';
import { networkFailure, tooSlow } from './network-failure.ts';

const signInFix = 'Sign in with: mcpvault login';

/** `error` is what a call rejected with; anything that is neither the hub's nor the network's is rethrown as it is. */
export function hubFailure(error: unknown, hub: string): unknown {
  if (error instanceof SyntaxError) return notAHub(hub);
  if (!(error instanceof ApiError)) return cutOff(error, hub) ?? error;
  const { code, status, detail, requestId } = error;
  if (code === 'unexpected_answer' && (status === 404 || status === 405)) return notAHub(hub);
  const issues = error.issues
    .filter(({ message }) => !detail.includes(message))
    .map(({ path, message }) => (path === '' ? message : `${path}: ${message}`));
  const message = issues.length === 0 ? detail : `${detail} (${issues.join('; ')})`;
  const fix = error.fix ?? (status === 401 ? signInFix : null);
  return new CommandFailure(exitOf(error), code, message, { fix, requestId });
}

/** An answer that began and did not end; undefined when it was something else. */
export function cutOff(error: unknown, hub: string): CommandFailure | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === 'AbortError') return interrupted();
  if (error.name === 'TimeoutError') return tooSlow(hub);
  return error instanceof TypeError && error.message === 'terminated' ? networkFailure(error, hub) : undefined;
}

export function notSignedIn(hub: string): CommandFailure {
  return new CommandFailure('not_signed_in', 'not_signed_in', `You are not signed in to ${hub}.`, { fix: signInFix });
}

export function notAHub(hub: string): CommandFailure {
  return new CommandFailure('unreachable', 'not_a_hub', `What answers at ${hub} is not an MCPVault hub.`, {
    fix: 'Check the address, and name the right one with --hub URL.',
  });
}

function exitOf(error: ApiError): ExitName {
  if (error.status === 0) return 'unreachable';
  if (error.status === 401) return 'not_signed_in';
  if (error.status === 403) return 'forbidden';
  if (error.status === 400 && error.code !== 'unexpected_answer') return 'usage';
  return 'general';
}
