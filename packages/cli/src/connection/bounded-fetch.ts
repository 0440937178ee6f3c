import { CommandFailure } from '../command-failure.ts';
import type { Io } from '../io.ts';
import { networkFailure, tooSlow } from './network-failure.ts';

export type Fetch = (url: string, init?: RequestInit) => Promise<Response>;

/**
 * A fetch that ends after `timeoutMs` (the whole answer, its body included) and when `interruption` aborts, follows no redirect, and rejects
 * with a `CommandFailure` that says why no answer came.
 */
export function createBoundedFetch(
  io: Io,
  hub: string,
  timeoutMs: number,
  interruption: AbortSignal = io.interrupted,
): Fetch {
  return async (url, init = {}) => {
    const late = AbortSignal.timeout(timeoutMs);
    const given = init.signal;
    const signal = AbortSignal.any([late, interruption, ...(given ? [given] : [])]);
    let response: Response;
    try {
      response = await io.fetch(url, { ...init, signal, redirect: 'manual' });
    } catch (error) {
      if (given?.aborted) throw error;
      if (interruption.aborted) throw interrupted();
      throw late.aborted ? tooSlow(hub) : networkFailure(error, hub);
    }
    if (response.status >= 300 && response.status < 400) {
      await response.body?.cancel();
      throw new CommandFailure('unreachable', 'redirected', `${hub} sends on to ${target(response, url)}.`, {
        fix: 'If that is where your hub is, name it with --hub URL; credentials are never sent on.',
      });
    }
    return response;
  };
}

export function interrupted(): CommandFailure {
  return new CommandFailure('interrupted', 'interrupted', 'Interrupted.');
}

function target(response: Response, url: string): string {
  return URL.parse(response.headers.get('location') ?? '', url)?.origin ?? 'another place';
}
