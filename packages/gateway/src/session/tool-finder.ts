// Two tools in the place of many, for clients that choke on long lists: one that finds the others by what they are for, and
// one that calls what was found. What is called that way is judged and recorded as the call it stands for.
import { searchTools, ToolIndex, type ToolText } from '@mcpvault/domain/catalog/search/tool-index';
import { Failure } from '@mcpvault/domain/failure';
import { memberAt, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { walkObject } from '@mcpvault/protocol/jsonrpc/scan';
import type { Unavailable } from './merged-directory.ts';
import type { Share } from './merged-lists.ts';

const limits = { usual: 5, most: 20 } as const;
/** Bytes of found tools in one answer; the best one is in it however large it is. */
const mostBytes = 100_000;

const own = [
  {
    name: 'search_tools',
    title: 'Search tools',
    description:
      'Finds tools by what they do, among all servers that you may use. Say in a few words what is to be done. ' +
      'The answer holds the best matches, each with its name, description and input schema; call one with call_tool.',
    inputSchema: {
      type: 'object',
      properties: {
        query: { type: 'string', description: 'What is to be done, e.g. "open an issue in a repository".' },
        limit: {
          type: 'integer',
          minimum: 1,
          maximum: limits.most,
          default: limits.usual,
          description: 'How many tools to show.',
        },
        server: { type: 'string', description: 'Only tools of this server.' },
      },
      required: ['query'],
    },
    annotations: { readOnlyHint: true, openWorldHint: false },
  },
  {
    name: 'call_tool',
    title: 'Call a tool',
    description: 'Calls a tool that search_tools found, under the name it was found by.',
    inputSchema: {
      type: 'object',
      properties: {
        name: { type: 'string', description: 'The name, as search_tools gave it.' },
        arguments: { type: 'object', description: 'What the tool’s input schema asks for.', default: {} },
      },
      required: ['name'],
    },
  },
];

/** Indexes by what they were made of: they live as long as that. */
export type ToolIndexes = WeakMap<Share, ToolIndex>;

interface ToolResult {
  readonly content: readonly { readonly type: 'text'; readonly text: string }[];
  readonly isError?: true;
}

export class ToolFinder {
  readonly #indexes: ToolIndexes;
  /** The two tools as elements of a list. */
  readonly tools: Buffer = Buffer.from(own.map((tool) => JSON.stringify(tool)).join(','));

  constructor(indexes: ToolIndexes) {
    this.#indexes = indexes;
  }

  /** The answer to a call of `search_tools`. */
  search(message: Message, shares: readonly Share[], unavailable: readonly Unavailable[]): ToolResult {
    const asked = argumentsOf(message);
    const { query, limit = limits.usual, server } = asked;
    if (typeof query !== 'string' || query.trim() === '') return wrong('query must say in words what is to be done');
    if (typeof limit !== 'number' || !Number.isInteger(limit) || limit < 1 || limit > limits.most) {
      return wrong(`limit must be a whole number from 1 to ${limits.most}`);
    }
    const among = server === undefined ? shares : shares.filter((share) => share.server === server);
    const indexes = among.map((share) => this.#indexOf(share));
    const found = searchTools(indexes, query, limit).map(({ index, tool }) => toolAt(among[index], tool));
    const all = indexes.reduce((sum, { size }) => sum + size, 0);
    const answer = {
      tools: fitting(found),
      ...(found.length === 0 && { hint: `none of ${all} tools is about that; try other words` }),
      ...(unavailable.length > 0 && { unavailable }),
    };
    return { content: [{ type: 'text', text: JSON.stringify(answer) }] };
  }

  #indexOf(share: Share): ToolIndex {
    let index = this.#indexes.get(share);
    if (index === undefined) {
      const tools = share.keys.map((name, at) => ({ ...(toolAt(share, at) as Partial<ToolText>), name }));
      index = new ToolIndex(share.server, tools);
      this.#indexes.set(share, index);
    }
    return index;
  }
}

/** The call that a call of `call_tool` stands for, under the same id and with all else that the client said. */
export function callOf(message: Message, maxDepth: number): Message {
  const { params, text, marks } = message;
  const inner = marks.arguments;
  const name = inner === null ? null : memberAt(text, inner, 'name');
  if (params === null || inner === null || name === null || typeof message.scalarAt(name) !== 'string') {
    throw new Failure('invalid_params', 'call_tool needs the name of a tool that search_tools found');
  }
  const given = memberAt(text, inner, 'arguments');
  if (given !== null && text.charCodeAt(given.start) !== openBrace) {
    throw new Failure('invalid_params', 'arguments must be an object, as the input schema of the tool says');
  }
  const members = [`"name":${message.textAt(name)}`, `"arguments":${given === null ? '{}' : message.textAt(given)}`];
  walkObject(text, params.start, Number.POSITIVE_INFINITY, (key, _keyStart, start, end) => {
    if (key !== 'name' && key !== 'arguments') members.push(`${JSON.stringify(key)}:${message.textAt({ start, end })}`);
  });
  const id = message.idSpan === null ? 'null' : message.textAt(message.idSpan);
  const raw = Buffer.from(`{"jsonrpc":"2.0","id":${id},"method":"tools/call","params":{${members.join(',')}}}`);
  return parseMessage(raw, { maxDepth, check: 'strict' });
}

function argumentsOf(message: Message): Record<string, unknown> {
  const span = message.marks.arguments;
  const value = span === null ? null : message.valueAt(span);
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

/** What a model has to know of a tool. */
function toolAt(share: Share | undefined, at: number): object {
  const bytes = share?.slice(at, at + 1);
  const { name, title, description, inputSchema, annotations } = JSON.parse(bytes?.toString() ?? '{}') as Record<
    string,
    unknown
  >;
  return { name, title, description, inputSchema, annotations };
}

/** As many from the front as one answer holds. */
function fitting(tools: readonly object[]): readonly object[] {
  let bytes = 0;
  return tools.filter((tool, at) => (bytes += JSON.stringify(tool).length) <= mostBytes || at === 0);
}

function wrong(text: string): ToolResult {
  return { content: [{ type: 'text', text }], isError: true };
}

const openBrace = 123;
