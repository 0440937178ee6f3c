import { detectorNames } from '../inspection/detector-catalog.ts';
import { detectorGroups } from '../inspection/detector.ts';
import type { Policy } from './policy.ts';

/** One thing to mend before a policy can be saved, in words for the person who writes it. */
export interface PolicyProblem {
  readonly field: keyof PolicyDraft;
  readonly problem: string;
  readonly fix: string;
}

export type PolicyDraft = Omit<Policy, 'id'>;

const longestName = 120;
const longestReason = 500;

/** What is wrong with a draft, in the order of a form's fields; empty when it can be saved. */
export function policyProblems(draft: PolicyDraft): readonly PolicyProblem[] {
  return [...textProblems(draft), ...detectorProblems(draft), ...scopeProblems(draft)];
}

function textProblems({ name, reason }: PolicyDraft): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  if (name.trim() === '')
    problems.push({
      field: 'name',
      problem: 'The policy has no name.',
      fix: 'Give it a short name that people will recognise.',
    });
  else if (name.length > longestName)
    problems.push({
      field: 'name',
      problem: `The name has ${name.length} characters.`,
      fix: `Keep it to ${longestName}.`,
    });
  if (reason.trim() === '')
    problems.push({
      field: 'reason',
      problem: 'The policy does not say why.',
      fix: 'Write the sentence that someone should read whose message is changed or refused.',
    });
  else if (reason.length > longestReason)
    problems.push({
      field: 'reason',
      problem: `The reason has ${reason.length} characters.`,
      fix: `Keep it to ${longestReason}.`,
    });
  return problems;
}

function detectorProblems({ detectors }: PolicyDraft): PolicyProblem[] {
  if (detectors.length === 0)
    return [
      {
        field: 'detectors',
        problem: 'The policy looks for nothing.',
        fix: `Choose at least one detector, or a group: ${detectorGroups.join(', ')}.`,
      },
    ];
  return detectors
    .filter((name) => !detectorNames.includes(name))
    .map((name) => ({
      field: 'detectors' as const,
      problem: `No detector is called “${name}”.`,
      fix: `Known are ${detectorNames.join(', ')}.`,
    }));
}

function scopeProblems({ directions, servers }: PolicyDraft): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  if (directions.length === 0)
    problems.push({
      field: 'directions',
      problem: 'The policy looks at no messages.',
      fix: 'Choose calls to servers, results to clients, or both.',
    });
  if (servers !== null && servers.length === 0)
    problems.push({
      field: 'servers',
      problem: 'The policy applies to no server.',
      fix: 'Choose servers, or let it apply to every server of the organization.',
    });
  return problems;
}
