// What policies did and would do, read from the record.
import { Failure } from '@mcpvault/domain/failure';
import { permits } from '@mcpvault/domain/identity/permission';
import { compilePolicies } from '@mcpvault/domain/policy/compile';
import { judgeRecorded } from '@mcpvault/domain/policy/judge-recorded';
import type { Policy } from '@mcpvault/domain/policy/policy';
import type { Trial } from '@mcpvault/domain/policy/try-message';
import { policyProblems } from '@mcpvault/domain/policy/validate';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import { oneMessage } from '@mcpvault/store/messages-view';
import { countRules, messagesAsked } from '@mcpvault/store/policy-hits-view';
import { loadInjection } from '../inspection/load-injection.ts';
import { hitsOf } from '../policies/policy-hits.ts';
import { compareWithRecord } from '../policies/shadow-comparison.ts';
import { surroundingsOf } from './backtests.ts';
import { handles } from './handler.ts';
import { policyOf } from './saved-policy.ts';
import { showSide } from './show-trace.ts';
import { fromRfc3339, rfc3339, rfc3339OrNull } from './times.ts';

const day = 86_400_000;
/** Messages that are looked at, the newest: about a second's work. */
const mostCounted = 100_000;
const mostCompared = 20_000;

export const countPolicyHits = handles('countPolicyHits', async (_, { stores, caller, now }) => {
  const from = now - day;
  const { rules, messages } = await countRules(stores.executor, caller.organization, from, mostCounted);
  return {
    items: [...hitsOf(rules, () => true).values()].map((hits) => ({ ...hits, lastAt: rfc3339OrNull(hits.lastAt) })),
    from: rfc3339(from),
    complete: messages < mostCounted,
  };
});

export const compareShadow = handles('compareShadow', async ({ id, from, to }, context) => {
  const { stores, caller } = context;
  await policyOf(context, id);
  const range = { from: fromRfc3339(from), to: fromRfc3339(to) };
  const messages = await messagesAsked(stores.executor, caller.organization, id, range, mostCompared);
  return { ...compareWithRecord(id, messages), complete: messages.length < mostCompared };
});

export const tryRecorded = handles('tryRecorded', async ({ policy: draft, message: id }, context) => {
  const { stores, caller, services } = context;
  const found = await oneMessage(stores.executor, caller.organization, id);
  const theirs = found !== null && (permits(caller, 'messages:read-any') || found.member.id === caller.member);
  if (!theirs) throw new Failure('not_found', 'There is no such message.');
  const policy: Policy = { ...(draft as Omit<Policy, 'id' | 'version'>), id: 'pol_draft', version: 0 };
  const problem = policyProblems(policy).find(({ isWarning }) => isWarning !== true);
  if (problem !== undefined) throw new Failure('invalid_params', `${problem.problem} ${problem.fix}`);
  const { record, block } = found;
  const plain = block && services.sealer.open(caller.organization, block.id, block.key, block.sealed);
  const part = (place: MessageRecord['request']) =>
    plain && place && plain.subarray(place.offset, place.offset + place.length);
  if (part(record.request) === null)
    throw new Failure('conflict', 'The original of this message is gone, so it cannot be judged again.');
  context.note({ subject: id, detail: { draft: policy.name } });
  const withOriginals = permits(caller, 'messages:read-original');
  const set = compilePolicies([{ ...policy, mode: 'enforce', percentage: 100, pilot: null }], 'hub', loadInjection);
  const surroundings = await surroundingsOf(context);
  const { call, result } = judgedAgain(() =>
    judgeRecorded(set, record, part(record.request), part(record.response), surroundings, new Map()),
  );
  return {
    call: call && showTrial(call, withOriginals ? part(record.request) : null, policy),
    result: result && showTrial(result, withOriginals ? part(record.response) : null, policy),
  };
});

function judgedAgain<Judged>(judge: () => Judged): Judged {
  try {
    return judge();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure('conflict', 'What was recorded cannot be read as a message, so it cannot be judged again.');
  }
}

function showTrial(trial: Trial, original: Buffer | null, policy: Policy) {
  const { decision, outcome, findings } = trial;
  return {
    outcome,
    reason: decision?.refusal?.reason ?? decision?.hold?.reason ?? null,
    original: original?.toString() ?? null,
    delivered: original === null ? null : (trial.delivered()?.toString() ?? null),
    edits: (decision?.edits ?? []).map(({ start, end, replacement, detector, reason }) => ({
      ...{ start, end, replacement, detector, reason },
    })),
    trace: showSide(
      decision?.trace ?? { rules: [] },
      () => policy,
      () => null,
    ),
    findings: findings.map(({ detector, pointer, confidence }) => ({ detector, pointer, confidence })),
  };
}
