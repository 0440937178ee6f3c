import type { IncomingMessage } from 'node:http';
import type { Failure } from '@mcpvault/domain/failure';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { Core } from '../session/core.ts';
import { bearerOf, guardHostAndOrigin } from './guards.ts';
import { callerAt } from './scope.ts';
import { failureOf, stoppingFailure, unauthenticatedFailure } from './refusals.ts';

/** What every face asks of a request before anything else; of `refuse` and `enter` exactly one is called. */
export type Door = (
  request: IncomingMessage,
  endpoint: string | null,
  refuse: (failure: Failure) => void,
  enter: (caller: Caller, credential: string) => void,
) => void;

/** `open` is false once the hub is stopping. */
export function createDoor(core: Core, open: () => boolean): Door {
  const { host, settings } = core;
  return (request, endpoint, refuse, enter) => {
    const guarded = guardHostAndOrigin(request, settings);
    if (guarded !== null) return refuse(guarded);
    if (!open()) return refuse(stoppingFailure());
    const credential = bearerOf(request);
    if (credential === null) return refuse(unauthenticatedFailure());
    const admit = (found: Caller | null): void => {
      try {
        const caller = callerAt(found, endpoint);
        if (caller === null) refuse(unauthenticatedFailure());
        else enter(caller, credential);
      } catch (error) {
        refuse(failureOf(error, host.log));
      }
    };
    try {
      const caller = host.identity.identify(credential);
      if (caller instanceof Promise) caller.then(admit, (error: unknown) => refuse(failureOf(error, host.log)));
      else admit(caller);
    } catch (error) {
      refuse(failureOf(error, host.log));
    }
  };
}
