// Why no answer came, in words a person can act on.
import { CommandFailure } from '../command-failure.ts';
import { defaultHub } from '../credentials/hub-url.ts';

const untrusted = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
]);

/** `error` is what `fetch` rejected with. */
export function networkFailure(error: unknown, hub: string): CommandFailure {
  const code = causeCode(error);
  if (code !== undefined && untrusted.has(code)) {
    return new CommandFailure(
      'unreachable',
      'untrusted_certificate',
      `The certificate of ${hub} is not trusted (${code}).`,
      {
        fix: 'If it comes from your own authority, name its file in NODE_EXTRA_CA_CERTS and try again.',
      },
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new CommandFailure('unreachable', 'unreachable', `No machine is known by the name in ${hub}.`, {
      fix: 'Check the spelling of the address, and that this machine is on the right network.',
    });
  }
  return new CommandFailure(
    'unreachable',
    'unreachable',
    `No hub answers at ${hub}${code === undefined ? '' : ` (${code})`}.`,
    {
      fix:
        hub === defaultHub
          ? 'Start one with "mcpvault hub", or say where it is with --hub URL or MCPVAULT_HUB.'
          : 'Check that it is running and that this machine can reach it, or name another one with --hub URL.',
    },
  );
}

export function tooSlow(hub: string): CommandFailure {
  return new CommandFailure('unreachable', 'timeout', `${hub} did not answer in time.`, {
    fix: 'Try again, or wait longer with --timeout SECONDS.',
  });
}

/** The system's own code, which fetch hides in its causes. */
function causeCode(error: unknown): string | undefined {
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth += 1) {
    if ('code' in at && typeof at.code === 'string') return at.code;
    if (at instanceof AggregateError && at.errors.length > 0) return causeCode(at.errors[0]);
  }
  return undefined;
}
