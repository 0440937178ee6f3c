import { memberAt } from '@mcpvault/protocol/jsonrpc/message';
import type { Span } from '@mcpvault/protocol/jsonrpc/scan';
import { resultSchema } from '../../inspection/detectors/result-schema.ts';
import type { Finding } from '../../inspection/finding.ts';
import type { Judge, Stage } from '../stage.ts';

/** A schema that cannot be checked says nothing about the result; who wants to know all the same asks for less. */
const certain = 0.95;
const unchecked = 0.4;
const openBrace = 123;
const quote = 34;

/** Results of tools against what the tool says of them. It only looks, and only where a policy asks for it. */
const result: Judge = ({ message, answers }, facts) => {
  if (facts.policies === null || !facts.policies.inspector.detectors.includes(resultSchema.id)) return null;
  if (answers?.method !== 'tools/call' || message.result === null) return null;
  const name = facts.bareName ?? answers.target;
  const schema = name === null ? undefined : facts.message.tool(name)?.outputSchema;
  const { text, result: span } = message;
  if (schema === undefined || text.charCodeAt(span.start) !== openBrace) return null;
  if (isTrue(text, memberAt(text, span, 'isError'))) return null;
  const structured = memberAt(text, span, 'structuredContent');
  if (structured === null) {
    const content = memberAt(text, span, 'content');
    return content === null ? null : { kind: 'findings', findings: [over(text, content, '/result/content', certain)] };
  }
  const validity = schema.validate(message.valueAt(structured));
  if (validity.kind === 'valid') return null;
  const [first] = validity.kind === 'invalid' ? validity.problems : [];
  const pointer = `/result/structuredContent${first?.pointer ?? ''}`;
  const confidence = validity.kind === 'invalid' ? certain : unchecked;
  return { kind: 'findings', findings: [over(text, structured, pointer, confidence)] };
};

function isTrue(text: string, span: Span | null): boolean {
  return span !== null && text.startsWith('true', span.start);
}

/** Over the whole value: a part of what breaks its schema is not worth keeping. */
function over(text: string, { start, end }: Span, pointer: string, confidence: number): Finding {
  const common = { detector: resultSchema.id, pointer, inKey: false, confidence };
  return text.charCodeAt(start) === quote
    ? { ...common, start: start + 1, end: end - 1 }
    : { ...common, start, end, inNumber: true };
}

export const validateResult: Stage = {
  name: 'validate-result',
  decides: 'whether a result is what its tool says it is',
  layers: ['hub', 'workstation'],
  result,
};
