// Which labels a conversation got with which message: told by the rules that matched, in the words of their versions.
import type { OrganizationId } from '@mcpvault/domain/ids';
import { type MessageTrace, readRuleTrace } from '@mcpvault/domain/policy/rule-trace';
import type { PoliciesStore, PolicyVersion } from '@mcpvault/store/policies-store';

export async function versionsIn(
  policies: PoliciesStore,
  organization: OrganizationId,
  lines: readonly { readonly judged: MessageTrace | null }[],
): Promise<readonly PolicyVersion[]> {
  const rules = new Set(
    lines.flatMap(({ judged }) => [judged?.call, judged?.result].flatMap((side) => side?.rules ?? [])),
  );
  const named = [...rules].map(readRuleTrace).filter((rule) => rule !== null);
  return policies.versionsNamed(organization, named);
}

/** To be asked about the messages of a conversation in their order: answers with labels that it had not before. */
export function createLabelReader(versions: readonly PolicyVersion[]): (judged: MessageTrace | null) => string[] {
  const byVersion = new Map(versions.map((one) => [`${one.id} ${one.version}`, one]));
  const had = new Set<string>();
  return (judged) => {
    const rules = [judged?.call, judged?.result].flatMap((side) => side?.rules ?? []);
    const given = rules.flatMap((text) => {
      const rule = readRuleTrace(text);
      if (rule === null || rule.said === 'missed' || rule.shadow || rule.actions.length === 0) return [];
      const actions = byVersion.get(`${rule.policy} ${rule.version}`)?.actions ?? [];
      return actions.flatMap((action) => (action.type === 'tag' && action.of === 'session' ? action.tags : []));
    });
    const fresh = [...new Set(given)].filter((label) => !had.has(label));
    for (const label of fresh) had.add(label);
    return fresh;
  };
}
