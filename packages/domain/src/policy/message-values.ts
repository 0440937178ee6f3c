// The values of one message by the names that conditions use. Each is computed when it is read, so a message pays only for
// what its policies ask.
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import { needsReading, readableValue } from '../expression/json-value.ts';
import type { MessageValues } from '../expression/message-variables.ts';
import { valuesWithin } from '../expression/values-within.ts';
import { noFlow } from '../flow/flow-facts.ts';
import { flowTexts } from '../flow/flow-texts.ts';
import type { Exchange, Facts } from '../pipeline/exchange.ts';
import type { PolicyDirection } from './policy.ts';
import { seconds, toolValues } from './tool-values.ts';

const nothing: Readonly<Record<string, never>> = Object.freeze({});

export function messageValues(exchange: Exchange, facts: Facts, direction: PolicyDirection): MessageValues {
  const { message, answers } = exchange;
  const request = answers ?? message;
  const about = facts.message;
  const isTool = request.method === 'tools/call';
  const toolName = isTool ? (facts.bareName ?? request.target ?? '') : '';
  const tool = once(() => (isTool ? about.tool(toolName) : null));
  const values: MessageValues = {
    get caller() {
      const { caller } = facts;
      return {
        id: caller?.member ?? '',
        email: caller?.email ?? '',
        role: caller?.role ?? '',
        teams: [...about.teams(), ...(caller?.teams ?? [])],
        kind: caller?.member.startsWith('mem_') === false ? 'service' : 'member',
      };
    },
    get client() {
      const [name = '', version = ''] = (about.client ?? '').split('/');
      return { name, version };
    },
    get server() {
      const { server } = facts;
      const transport = server?.transport;
      return {
        id: server?.id ?? '',
        name: server?.name ?? '',
        transport: transport?.type ?? '',
        host: transport !== undefined && transport.type !== 'stdio' ? hostOf(transport.url) : '',
      };
    },
    get tool() {
      return toolValues(toolName, tool(), about.now);
    },
    method: request.method ?? '',
    direction,
    get target() {
      return isTool ? toolName : (request.target ?? '');
    },
    get arguments() {
      return valueAt(request, request.marks.arguments ?? (isTool ? null : request.params)) ?? nothing;
    },
    get result() {
      return valueAt(message, message.result) ?? nothing;
    },
    get text() {
      return textOf(direction === 'call' ? values.arguments : values.result);
    },
    get size() {
      return BigInt(message.raw.length);
    },
    findings: [],
    get session() {
      const { session } = about;
      return {
        labels: session.labels,
        calls: BigInt(session.calls),
        calls_of_tool: BigInt(session.callsOfTool(facts.server?.id ?? null, toolName)),
        refusals: BigInt(session.refusals),
        servers: session.servers,
        age: seconds(about.now - session.since),
      };
    },
    get flow() {
      const { destinations, mentions, followsLinks, copied, labels, servers } =
        about.flow?.(flowTexts(values.arguments)) ?? noFlow;
      return { destinations, mentions, follows_links: followsLinks, copied, labels, servers };
    },
    get now() {
      return new Date(about.now);
    },
    network: { ip: about.ip ?? '' },
  };
  return values;
}

function valueAt(message: Message, span: Span | null): unknown {
  if (span === null) return null;
  const text = message.textAt(span);
  const value: unknown = message.valueAt(span);
  return needsReading(text) ? readableValue(value) : value;
}

function textOf(value: unknown): string {
  const texts: string[] = [];
  for (const one of valuesWithin(value)) if (typeof one === 'string') texts.push(one);
  return texts.join('\n');
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^\[|\]$/g, '') : '';
}

function once<Value>(compute: () => Value): () => Value {
  let known: { readonly value: Value } | null = null;
  return () => (known ??= { value: compute() }).value;
}
