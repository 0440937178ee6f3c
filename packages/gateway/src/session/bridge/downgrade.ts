// What clients of an older revision get of content that came later: the same in words that they know, or a refusal that
// can be read. Members that are merely new are left, since older clients ignore them.
import type { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';
import type { Question } from './drive.ts';

/** A result of the server for a client of `revision`. */
export function downgradedResult(method: string, result: ObjectText, revision: string): ObjectText {
  switch (method) {
    case 'tools/call':
      return withContent(withStructure(result, revision), revision);
    case 'prompts/get':
      return revision < contentSince ? withMessages(result, revision) : result;
    case 'tools/list':
      return withSchemas(result, revision);
    default:
      return result;
  }
}

/** The parameters of a server's question for a client of `revision`; a text says why it cannot be asked. */
export function downgradedQuestion(method: string, params: ObjectText, revision: string): Question['params'] | string {
  if (method === 'elicitation/create') {
    if (revision < '2025-06-18') return `a client of ${revision} cannot ask its user anything`;
    if (params.string('mode') === 'url' && revision < '2025-11-25') {
      return `a client of ${revision} cannot send its user to a web page`;
    }
    return revision < '2025-11-25' ? withPlainForm(params, revision) : params;
  }
  return method === 'sampling/createMessage' && revision < '2025-11-25' ? withPlainMessages(params) : params;
}

const structureSince = '2025-06-18';
/** The newest revision that brought a kind of content. */
const contentSince = '2025-06-18';
const kinds: Readonly<Record<string, string>> = { audio: '2025-03-26', resource_link: '2025-06-18' };

function withStructure(result: ObjectText, revision: string): ObjectText {
  const structured = result.get('structuredContent');
  if (structured === null) return result;
  if (revision < structureSince) {
    result.without('structuredContent');
    const content = result.value('content');
    if (!Array.isArray(content) || content.length === 0) result.set('content', textBlocks(structured));
    return result;
  }
  // Until 2026-07-28 it was an object, always.
  if (!structured.startsWith('{')) result.set('structuredContent', `{"value":${structured}}`);
  return result;
}

function withContent(result: ObjectText, revision: string): ObjectText {
  if (revision >= contentSince) return result;
  const text = result.get('content');
  if (text === null || !hasNewer(text, revision)) return result;
  const content = result.value('content');
  if (Array.isArray(content))
    result.set('content', JSON.stringify(content.map((block) => plainBlock(block, revision))));
  return result;
}

function withMessages(result: ObjectText, revision: string): ObjectText {
  const text = result.get('messages');
  if (text === null || !hasNewer(text, revision)) return result;
  const messages = result.value('messages');
  if (!Array.isArray(messages)) return result;
  const plain = messages.map((message: { content?: unknown } | null) =>
    message === null ? message : { ...message, content: plainBlock(message.content, revision) },
  );
  return result.set('messages', JSON.stringify(plain));
}

function hasNewer(text: string, revision: string): boolean {
  return Object.entries(kinds).some(([kind, since]) => revision < since && text.includes(`"${kind}"`));
}

function plainBlock(block: unknown, revision: string): unknown {
  if (typeof block !== 'object' || block === null) return block;
  const { type, uri, name, description, mimeType } = block as Record<string, unknown>;
  const since = typeof type === 'string' && Object.hasOwn(kinds, type) ? kinds[type] : undefined;
  if (since === undefined || revision >= since) return block;
  if (type === 'audio') return { type: 'text', text: `[a sound, ${String(mimeType)}, which this client cannot play]` };
  const said = [String(name), String(uri), ...(typeof description === 'string' ? [description] : [])];
  return { type: 'text', text: `[a resource: ${said.join(', ')}]` };
}

/** Schemas of results that are no objects: their results are wrapped, so that the schemas are, too. */
function withSchemas(result: ObjectText, revision: string): ObjectText {
  const text = result.get('tools');
  if (text === null || !text.includes('"outputSchema"')) return result;
  const tools = result.value('tools');
  if (!Array.isArray(tools)) return result;
  let changed = false;
  const plain = tools.map((tool: { outputSchema?: { type?: unknown } | null } | null) => {
    const schema = tool?.outputSchema;
    if (tool === null || schema == null) return tool;
    const { outputSchema, ...rest } = tool;
    if (revision < structureSince) {
      changed = true;
      return rest;
    }
    if (schema.type === 'object') return tool;
    changed = true;
    // A reference inside points from the root, which would not be the root any more.
    if (JSON.stringify(schema).includes('"$ref"')) return rest;
    return { ...rest, outputSchema: { type: 'object', properties: { value: outputSchema }, required: ['value'] } };
  });
  return changed ? result.set('tools', JSON.stringify(plain)) : result;
}

function textBlocks(json: string): string {
  return JSON.stringify([{ type: 'text', text: json }]);
}

interface Field {
  readonly type?: unknown;
  readonly oneOf?: unknown;
  readonly [member: string]: unknown;
}

/** Forms of 2025-06-18 knew one choice of many, with names beside them. */
function withPlainForm(params: ObjectText, revision: string): ObjectText | string {
  params.without('mode');
  const text = params.get('requestedSchema');
  if (text === null || (!text.includes('"oneOf"') && !text.includes('"array"'))) return params;
  const schema = params.value('requestedSchema') as { properties?: Record<string, Field> } | null;
  const fields: [string, unknown][] = [];
  for (const [name, field] of Object.entries(schema?.properties ?? {})) {
    if (field.type === 'array') return `a client of ${revision} cannot let its user choose several of "${name}"`;
    fields.push([name, withNames(field)]);
  }
  return params.set('requestedSchema', JSON.stringify({ ...schema, properties: Object.fromEntries(fields) }));
}

function withNames(field: Field): unknown {
  const { oneOf, ...rest } = field;
  if (!Array.isArray(oneOf)) return field;
  const choices = oneOf as { const?: unknown; title?: unknown }[];
  return { ...rest, enum: choices.map((one) => one.const), enumNames: choices.map((one) => one.title ?? one.const) };
}

/** Before 2025-11-25 a message had one piece of content. */
function withPlainMessages(params: ObjectText): ObjectText {
  const messages = params.value('messages');
  if (!Array.isArray(messages) || !messages.some((message) => Array.isArray(message?.content))) return params;
  const plain = messages.flatMap((message: { content?: unknown } | null) =>
    Array.isArray(message?.content) ? message.content.map((content) => ({ ...message, content })) : [message],
  );
  return params.set('messages', JSON.stringify(plain));
}
