// What a modern request says of its client in `_meta`, and a legacy client says once, in `initialize`.
import { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import { latestModern, metaKeys } from '@mcpvault/protocol/mcp/revision';
import { tasksExtension } from './task-words.ts';

/** What is known of a client, as JSON texts in its own words. */
export interface ClientFacts {
  readonly info: string;
  readonly capabilities: ObjectText;
}

const modernOf = new WeakMap<ClientFacts, { readonly plain: string; readonly tasks: string }>();

/** They are said with each request, and made once. */
function modernCapabilitiesOf(client: ClientFacts, tasks: boolean): string {
  let made = modernOf.get(client);
  if (made === undefined) {
    const { capabilities } = client;
    made = { plain: modernCapabilities(capabilities, false), tasks: modernCapabilities(capabilities, true) };
    modernOf.set(client, made);
  }
  return tasks ? made.tasks : made.plain;
}

const ownInfo = '{"name":"mcpvault","version":"0.1.0"}';

/** The facts in the params of `initialize`. */
export function factsOfGreeting(params: ObjectText): ClientFacts {
  return { info: params.get('clientInfo') ?? ownInfo, capabilities: params.inner('capabilities') };
}

/** The facts in the params of a modern request. */
export function factsOfEnvelope(params: ObjectText): ClientFacts {
  const meta = params.inner('_meta');
  return { info: meta.get(metaKeys.clientInfo) ?? ownInfo, capabilities: meta.inner(metaKeys.clientCapabilities) };
}

/** Params as a modern server wants them: what the client may not say itself is overwritten. */
export function enveloped(params: ObjectText, client: ClientFacts, more: Envelope): ObjectText {
  const meta = params
    .inner('_meta')
    .set(metaKeys.protocolVersion, `"${latestModern}"`)
    .set(metaKeys.clientInfo, client.info)
    .set(metaKeys.clientCapabilities, modernCapabilitiesOf(client, more.tasks))
    .set(metaKeys.logLevel, more.level === null ? null : JSON.stringify(more.level));
  return params.set('_meta', meta.toString());
}

export interface Envelope {
  readonly level: string | null;
  /** Whether the client said that it takes a task for an answer. */
  readonly tasks: boolean;
}

/** Params as a legacy server wants them; `token` is the JSON text of the progress token on this hop. */
export function bare(params: ObjectText, token: string | null): ObjectText {
  const meta = params
    .inner('_meta')
    .without(metaKeys.protocolVersion, metaKeys.clientInfo, metaKeys.clientCapabilities, metaKeys.logLevel)
    .set('progressToken', token);
  return params.without('inputResponses', 'requestState').set('_meta', meta.size === 0 ? null : meta.toString());
}

/** The capabilities of a modern client in the words of a legacy `initialize`. */
export function legacyCapabilities(capabilities: ObjectText): string {
  const extensions = capabilities.inner('extensions').without(tasksExtension);
  return ObjectText.of(capabilities.toString())
    .set('extensions', extensions.size === 0 ? null : extensions.toString())
    .toString();
}

function modernCapabilities(capabilities: ObjectText, tasks: boolean): string {
  const extensions = capabilities.inner('extensions').set(tasksExtension, tasks ? '{}' : null);
  const own = ObjectText.of(capabilities.toString()).without('tasks');
  if (own.has('roots')) own.set('roots', '{}');
  return own.set('extensions', extensions.size === 0 ? null : extensions.toString()).toString();
}

/** Whether there is anything that a server may ask the client. */
export function canBeAsked({ capabilities }: ClientFacts): boolean {
  return ['roots', 'sampling', 'elicitation'].some((capability) => capabilities.has(capability));
}

/** Whether the client takes a task for an answer. */
export function takesTasks({ capabilities }: ClientFacts): boolean {
  return capabilities.inner('extensions').has(tasksExtension);
}

/** Whether the client can answer a server's request, by its method and params; null when it can, else why not. */
export function cannotAnswer(client: ClientFacts, method: string, params: ObjectText): string | null {
  const { capabilities } = client;
  switch (method) {
    case 'roots/list':
      return capabilities.has('roots') ? null : 'it does not share roots';
    case 'sampling/createMessage':
      if (!capabilities.has('sampling')) return 'it offers no sampling';
      if (!params.has('tools') && !params.has('toolChoice')) return null;
      return capabilities.inner('sampling').has('tools') ? null : 'it offers no sampling with tools';
    case 'elicitation/create': {
      if (!capabilities.has('elicitation')) return 'it cannot ask its user anything';
      const modes = capabilities.inner('elicitation');
      if (params.string('mode') === 'url') return modes.has('url') ? null : 'it cannot send its user to a web page';
      return modes.size === 0 || modes.has('form') ? null : 'it cannot show its user a form';
    }
    default:
      return `it knows no ${method.slice(0, 100)}`;
  }
}
