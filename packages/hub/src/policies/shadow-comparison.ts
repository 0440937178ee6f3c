// What a policy would have done where it only watched, beside what it did and what became of the messages.
import type { MemberId, PolicyId } from '@mcpvault/domain/ids';
import { effectOfRule, type RuleEffect } from '@mcpvault/domain/policy/rule-effect';
import { readRuleTrace } from '@mcpvault/domain/policy/rule-trace';
import type { AskedMessage } from '@mcpvault/store/policy-hits-view';
import type { Operations } from '@mcpvault/contract/operations';
import type { OutputOf } from '@mcpvault/contract/operation';
import { rfc3339 } from '../operations/times.ts';

type Comparison = OutputOf<Operations['compareShadow']>;

const mostNames = 50;
const mostExamples = 50;

/** `messages` newest first. */
export function compareWithRecord(policy: PolicyId, messages: readonly AskedMessage[]): Omit<Comparison, 'complete'> {
  const nothing = () => ({ refused: 0, held: 0, edited: 0, alerted: 0, allowed: 0 });
  const [would, did] = [nothing(), nothing()];
  const sums = { asked: 0, failed: 0, newly: 0 };
  const members = new Map<MemberId, { member: MemberId; email: string; messages: number }>();
  const tools = new Map<string, { server: string; tool: string; messages: number }>();
  const examples: Comparison['examples'] = [];
  for (const message of messages) {
    for (const side of ['call', 'result'] as const) {
      const said = ruleOf(message, side, policy);
      if (said === null) continue;
      sums.asked++;
      if (said.said === 'failed') sums.failed++;
      const effect = effectOfRule(said);
      if (effect === null || said.said === 'missed') continue;
      const tally = said.shadow ? would : did;
      tally[effect]++;
      if (said.actions.includes('alert')) tally.alerted++;
      if (said.shadow && effect !== 'allowed' && passedUntouched(message)) sums.newly++;
      countName(members, message.member, () => ({ member: message.member, email: message.email, messages: 0 }));
      const tool = { server: message.serverName ?? '', tool: message.target ?? message.method, messages: 0 };
      countName(tools, `${tool.server} ${tool.tool}`, () => tool);
      if (examples.length < mostExamples) examples.push(exampleOf(message, side, effect, said.shadow));
    }
  }
  return { ...sums, would, did, members: mostOf(members), tools: mostOf(tools), examples };
}

function ruleOf({ judged }: AskedMessage, side: 'call' | 'result', policy: PolicyId) {
  const rule = judged[side]?.rules.find((one) => one.startsWith(`${policy}@`));
  return rule === undefined ? null : readRuleTrace(rule);
}

function passedUntouched({ outcome, redactions }: AskedMessage): boolean {
  return outcome !== 'refused' && redactions === 0;
}

function exampleOf(message: AskedMessage, side: 'call' | 'result', would: RuleEffect, shadow: boolean) {
  const { id, at, member, email, target, outcome } = message;
  return { message: id, at: rfc3339(at), member, email, tool: target, side, would, shadow, outcome };
}

function countName<Key, Item extends { messages: number }>(items: Map<Key, Item>, key: Key, make: () => Item): void {
  const item = items.get(key) ?? make();
  item.messages++;
  items.set(key, item);
}

function mostOf<Item extends { messages: number }>(items: ReadonlyMap<unknown, Item>): Item[] {
  return [...items.values()].toSorted((a, b) => b.messages - a.messages).slice(0, mostNames);
}
