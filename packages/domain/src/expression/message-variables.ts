// What conditions may speak of: policies and grants alike. One table for the type checker, the editor and docs/policies.md.
import type { ContextOf, ValueDeclaration, ValueType } from './declaration.ts';

const value = <const Type extends ValueType>(type: Type, means: string) =>
  ({ type, means }) as const satisfies ValueDeclaration;

export const messageVariables = {
  caller: {
    means: 'Who calls, settled afresh for every message.',
    fields: {
      id: value('string', 'The member’s or service account’s id.'),
      email: value('string', 'The e-mail address; empty where there is none.'),
      role: value('string', 'The role’s id: `admin`, `member`, `auditor`, or one of the organization’s own.'),
      teams: value('list<string>', 'The names and ids of the caller’s teams.'),
      kind: value('string', '`member` for people, `service` for service accounts.'),
    },
  },
  client: {
    means: 'The AI application, as it calls itself; a claim, not a fact.',
    fields: {
      name: value('string', 'For example `claude-code`; empty when it did not say.'),
      version: value('string', 'Its version; empty when it did not say.'),
    },
  },
  server: {
    means: 'The server that the message goes to or comes from.',
    fields: {
      id: value('string', 'Its id; empty for messages that are for no one server.'),
      name: value('string', 'Its name in the organization.'),
      transport: value('string', '`stdio`, `streamable-http`, `sse` or `websocket`.'),
      host: value('string', 'The host it is reached at; empty for processes.'),
    },
  },
  tool: {
    means: 'The tool that is called, as the server describes it. Empty for messages that call no tool.',
    fields: {
      name: value('string', 'The name that the server itself uses.'),
      known: value('bool', 'Whether the server lists it, as far as was seen.'),
      description: value('string', 'What the server says of it.'),
      read_only: value('bool', 'It says that it changes nothing. False where it does not say.'),
      destructive: value('bool', 'It may destroy something. True where it does not say and is not read-only.'),
      idempotent: value('bool', 'It says that calling it again changes nothing more. False where it does not say.'),
      open_world: value('bool', 'It reaches the outside. True where it does not say.'),
      classification: value('string', '`read`, `write` or `destructive`, from what it says of itself.'),
      fingerprint: value('string', 'The digest of its definition; empty where it is not known.'),
      approved: value(
        'bool',
        'Whether its definition is as it was when the server was added, or an admin approved it as it is now.',
      ),
      age: value('int', 'Seconds since its definition was first seen as it is now; 0 where that is not known.'),
    },
  },
  method: value('string', 'The method of JSON-RPC, such as `tools/call`; of a result, that of its request.'),
  direction: value('string', '`call`, `result` or `listing`.'),
  target: value('string', 'The tool or prompt name, or the URI of the resource, that the request is about.'),
  arguments: value('dyn', 'The arguments of the call; of a result, those of its request.'),
  result: value('dyn', 'The result as it came; an empty map for calls.'),
  text: value('string', 'The texts of arguments or of the result, one below the other: what a model reads.'),
  size: value('int', 'Bytes of the whole message.'),
  findings: value(
    'list<dyn>',
    'What this policy’s detectors saw, each with `detector`, `group`, `confidence`, `pointer` and `in_key`.',
  ),
  session: {
    means: 'What this conversation has done so far, on this hub.',
    fields: {
      labels: value('list<string>', 'What policies tagged it with, such as `private` or `untrusted`.'),
      calls: value('int', 'Calls of tools in it, this one not counted.'),
      calls_of_tool: value('int', 'Calls of this very tool in it, this one not counted.'),
      refusals: value('int', 'How many of its messages were refused.'),
      servers: value('list<string>', 'Names of the servers whose results it has read.'),
      age: value('int', 'Seconds since its first message.'),
    },
  },
  flow: {
    means: 'Where what this call says came from, as far as this hub saw it: see “Where values come from”.',
    fields: {
      destinations: value(
        'list<string>',
        'Hosts, mail addresses, telephone numbers and accounts that something untrusted named first, in arguments of up to 500 characters.',
      ),
      mentions: value('list<string>', 'The same in arguments of any length, such as documents and scripts.'),
      follows_links: value(
        'bool',
        'The arguments hold links as results held them, words of up to twelve characters, and nothing else.',
      ),
      copied: value('double', 'The share, 0 to 1, of the words of the arguments that came in results, four in a row.'),
      labels: value('list<string>', 'Labels of the results in which values of the arguments appeared first.'),
      servers: value('list<string>', 'Names of the servers that those results came from.'),
    },
  },
  now: value('timestamp', 'The time of the message. `now.getHours("Europe/Berlin")` reads the clock there.'),
  network: {
    means: 'Where the message comes from.',
    fields: { ip: value('string', 'The address of the caller’s computer or proxy; empty when it is not known.') },
  },
} as const;

/** The values of one message, by the names that conditions use. */
export type MessageValues = ContextOf<typeof messageVariables>;
