// What `servers add` was told, as the transport the hub wants. Pure.
import type { InputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { usageFailure } from '../../command-failure.ts';

export type Transport = InputOf<Operations['createServer']>['transport'];

export interface Given {
  /** The words after `--`. */
  readonly command: readonly string[];
  readonly env?: readonly string[] | undefined;
  readonly cwd?: string | undefined;
  readonly url?: string | undefined;
  readonly header?: readonly string[] | undefined;
  readonly transport?: RemoteType | undefined;
  readonly era?: Era | undefined;
  readonly auth?: AuthChoice | undefined;
  readonly clientId?: string | undefined;
  readonly scope?: readonly string[] | undefined;
}

/** Who signs in at a server that wants it. */
export const authChoices = ['per-member', 'shared', 'machine'] as const;
export type AuthChoice = (typeof authChoices)[number];

/** Where the secret of a client that was registered by hand is taken from. */
const secretVariable = 'MCPVAULT_CLIENT_SECRET';

/** Which era of the protocol is spoken with a server. */
export const eras = ['auto', 'legacy', 'modern'] as const;
export type Era = (typeof eras)[number];

/** How a server with a --url is spoken to. */
export const remoteTypes = ['streamable-http', 'sse', 'websocket'] as const;
export type RemoteType = (typeof remoteTypes)[number];

const variableName = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `environment` is where `--env NAME` without a value takes it from. */
export function transportFrom(given: Given, environment: Readonly<Record<string, string | undefined>>): Transport {
  const [command, ...args] = given.command;
  const era = given.era === undefined ? {} : { era: given.era };
  if (given.url !== undefined) {
    if (command !== undefined) throw usageFailure('A server has either a command or a --url.');
    if (given.env !== undefined || given.cwd !== undefined) {
      throw usageFailure('--env and --cwd are for servers that are commands.', 'Give headers with --header.');
    }
    const type = given.transport ?? (/^wss?:/i.test(given.url) ? 'websocket' : 'streamable-http');
    return { type, url: given.url, headers: headersFrom(given.header ?? []), ...era, ...authFrom(given, environment) };
  }
  if (command === undefined) {
    throw usageFailure('How is the server reached?', 'Give its command after --, or its address with --url.');
  }
  if (given.auth !== undefined) {
    throw usageFailure('--auth is for servers with a --url.', 'Give secrets of a program with --env.');
  }
  if (given.transport !== undefined)
    throw usageFailure('--transport is for servers with a --url.', 'Leave it out: commands are spoken to over stdio.');
  if (given.header !== undefined)
    throw usageFailure('--header is for servers with a --url.', 'Give variables with --env.');
  const env = variablesFrom(given.env ?? [], environment);
  return { type: 'stdio', command, args, env, ...(given.cwd === undefined ? {} : { cwd: given.cwd }), ...era };
}

function authFrom(
  { auth, clientId, scope }: Given,
  environment: Readonly<Record<string, string | undefined>>,
): Pick<Extract<Transport, { readonly url: string }>, 'auth'> {
  if (auth === undefined) {
    if (clientId === undefined && scope === undefined) return {};
    throw usageFailure('--client-id and --scope are for servers with --auth.');
  }
  if (auth === 'machine' && clientId === undefined) {
    throw usageFailure(
      'Signing in as MCPVault itself needs a client that was registered by hand.',
      'Give its --client-id.',
    );
  }
  const secret = environment[secretVariable];
  return {
    auth: {
      mode: auth === 'per-member' ? 'per-member' : 'shared',
      grant: auth === 'machine' ? 'client-credentials' : 'authorization-code',
      ...(clientId !== undefined && { client: { id: clientId, ...(secret !== undefined && { secret }) } }),
      ...(scope !== undefined && { scopes: [...scope] }),
    },
  };
}

function variablesFrom(
  given: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(
    given.map((each) => {
      const [, name = each, value] = /^([^=]*)=(.*)$/s.exec(each) ?? [];
      // What was typed may be a value alone, so it is not repeated.
      if (!variableName.test(name)) throw usageFailure('An --env does not begin with the name of a variable.', envFix);
      const taken = value ?? environment[name];
      if (taken === undefined) throw usageFailure(`The environment has no ${name}.`, envFix);
      return [name, taken];
    }),
  );
}

const envFix = 'Give it as --env NAME=value, or as --env NAME to take the value from the environment.';

function headersFrom(given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((each) => {
      const [, name, value] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+)\s*:\s*(.*?)\s*$/.exec(each) ?? [];
      if (name === undefined || value === undefined) {
        throw usageFailure('A --header is not of the form "Name: value".');
      }
      return [name, value];
    }),
  );
}
