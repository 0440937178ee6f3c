// What policies said about a message, in words, from the versions that said it.
import type { MemberId, PolicyId } from '@mcpvault/domain/ids';
import { messageEnvironment } from '@mcpvault/domain/expression/message-environment';
import type { Policy } from '@mcpvault/domain/policy/policy';
import { type MessageTrace, readRuleTrace, type RuleTrace, type SideTrace } from '@mcpvault/domain/policy/rule-trace';
import type { PoliciesStore } from '@mcpvault/store/policies-store';
import type { OrganizationId } from '@mcpvault/domain/ids';

type Lookup = (policy: PolicyId, version: number) => Pick<Policy, 'name' | 'condition'> | null;

/** Who a member is; null for whoever is not known any more. */
type Person = (member: MemberId) => { readonly email: string; readonly name: string } | null;

export async function showTrace(
  policies: PoliciesStore,
  organization: OrganizationId,
  trace: MessageTrace | null,
  person: Person,
) {
  if (trace === null) return null;
  const rules = [trace.call, trace.result].flatMap((side) => side?.rules ?? []).map(readRuleTrace);
  const versions = await policies.versionsNamed(
    organization,
    rules.filter((rule) => rule !== null),
  );
  const byVersion = new Map(versions.map((one) => [`${one.id} ${one.version}`, one]));
  const lookup: Lookup = (id, version) => byVersion.get(`${id} ${version}`) ?? null;
  const side = (said: SideTrace | undefined) => (said === undefined ? null : showSide(said, lookup, person));
  return { call: side(trace.call), result: side(trace.result) };
}

export function showSide(
  { rules, tags = [], alerts = [], restored = 0, would, approval }: SideTrace,
  lookup: Lookup,
  person: Person,
) {
  return {
    rules: rules
      .map(readRuleTrace)
      .filter((rule) => rule !== null)
      .map((rule) => showRule(rule, lookup)),
    tags: [...tags],
    alerts: alerts.map((alert) => ({ ...alert, findings: { ...alert.findings } })),
    restored,
    would: would ?? null,
    approval:
      approval === undefined
        ? null
        : {
            id: approval.id,
            said: approval.said,
            by: approval.by.map((member) => ({
              id: member,
              ...(person(member) ?? { email: '', name: 'Somebody who left' }),
            })),
          },
  };
}

function showRule(rule: RuleTrace, lookup: Lookup) {
  const policy = lookup(rule.policy, rule.version);
  return {
    policy: { id: rule.policy, name: policy?.name ?? rule.policy },
    version: rule.version,
    said: rule.said,
    why: whyOf(rule, policy?.condition ?? null),
    actions: rule.said === 'missed' ? [] : [...rule.actions],
    shadow: rule.said !== 'missed' && rule.shadow,
  };
}

function whyOf(rule: RuleTrace, condition: string | null): string | null {
  if (rule.said === 'matched') return null;
  if (rule.said === 'missed') {
    if (rule.part === null) return 'its detectors found nothing';
    const part = partOf(condition, rule.part);
    return part === null ? `part ${rule.part + 1} of its condition was false` : `false: ${part}`;
  }
  switch (rule.why) {
    case 'absent':
      return 'the message lacks a member that its condition reads';
    case 'too_costly':
      return 'its condition cost more than it may, which counts as if it held';
    default:
      return 'its condition could not be evaluated, which counts as if it held';
  }
}

function partOf(condition: string | null, part: number): string | null {
  const compilation = condition === null ? null : messageEnvironment.compile(condition);
  return compilation?.ok === true ? (compilation.expression.parts[part]?.source ?? null) : null;
}
