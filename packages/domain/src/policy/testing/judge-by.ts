import { parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import type { Facts } from '../../pipeline/exchange.ts';
import type { Layer } from '../../redaction/edit.ts';
import { compilePolicies } from '../compile.ts';
import type { MessageFacts } from '../message-facts.ts';
import type { Policy, PolicyDirection } from '../policy.ts';
import { type TrialMessage, tryMessage } from '../try-message.ts';
import { plainFacts } from './plain-facts.ts';

const limits = { maxDepth: 500, check: 'structure' } as const;

export interface Given {
  readonly layer?: Layer;
  readonly direction?: PolicyDirection;
  readonly tool?: string;
  readonly facts?: Partial<MessageFacts>;
  readonly rest?: Partial<Omit<Facts, 'policies' | 'message'>>;
}

/** What policies make of a call of a tool with these arguments (JSON text), or of this result. For tests. */
export function judgeBy(policies: readonly Policy[], json: string, given: Given = {}) {
  const { direction = 'call', tool = 'example', layer = 'hub' } = given;
  const trial = trialMessage(json, direction, tool, given);
  const judged = tryMessage(compilePolicies(policies, layer), trial);
  const { decision } = judged;
  return {
    ...judged,
    edits: decision?.edits ?? [],
    refusal: decision?.refusal ?? null,
    hold: decision?.hold ?? null,
    trace: decision?.trace ?? { rules: [] },
    effects: decision?.effects ?? [],
    /** Arguments or result as delivered, as they are written; null when the message is refused. */
    get written(): string | null {
      const delivered = judged.delivered();
      if (delivered === null) return null;
      const message = parseMessage(delivered, limits);
      const span = direction === 'call' ? message.marks.arguments : message.result;
      return span === null ? null : message.textAt(span);
    },
  };
}

function trialMessage(json: string, direction: PolicyDirection, tool: string, { facts, rest }: Given): TrialMessage {
  const method = direction === 'listing' ? 'tools/list' : 'tools/call';
  const request = `{"jsonrpc":"2.0","id":1,"method":"${method}","params":{"name":${JSON.stringify(tool)},"arguments":${direction === 'call' ? json : '{}'}}}`;
  const asked = parseMessage(Buffer.from(request), limits);
  const answer =
    direction === 'call' ? null : parseMessage(Buffer.from(`{"jsonrpc":"2.0","id":1,"result":${json}}`), limits);
  return {
    message: answer ?? asked,
    answers: answer === null ? null : asked,
    direction,
    facts: {
      caller: null,
      owner: null,
      server: null,
      reach: null,
      circumstances: { now: plainFacts.now, address: null, client: plainFacts.client },
      bareName: null,
      underway: 0,
      maxUnderway: 1,
      exceeded: null,
      recording: true,
      ...rest,
      message: { ...plainFacts, ...facts },
    },
  };
}
