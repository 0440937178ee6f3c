import type { LinkFailure } from '@mcpvault/workstation/link/link-failure';
import { CommandFailure } from '../../command-failure.ts';

/** What a hub refused, in the words of the command line. */
export function linkFailure({ kind, message }: LinkFailure, hub: string): CommandFailure {
  switch (kind) {
    case 'away':
      return new CommandFailure('unreachable', 'unreachable', message, {
        fix: `Check that ${hub} is the hub, and runs.`,
      });
    case 'unauthenticated':
      return new CommandFailure('not_signed_in', 'unauthenticated', message);
    case 'refused':
      return new CommandFailure('forbidden', 'refused', message);
    case 'invalid':
      return new CommandFailure('general', 'invalid', message, {
        fix: `Check that ${hub} is a hub of this version or newer.`,
      });
  }
}
