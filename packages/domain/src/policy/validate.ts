// What is wrong with a draft, in words for the person who writes it: a form shows it at its field, a file at its line.
import { approverPattern } from '../approvals/may-decide.ts';
import { messageEnvironment } from '../expression/message-environment.ts';
import { detectorNames } from '../inspection/detector-catalog.ts';
import { detectorGroups } from '../inspection/detector.ts';
import { PatternProblem } from '../expression/pattern.ts';
import { compileOwnPattern, fixedPartOf } from '../inspection/own-pattern.ts';
import type { PolicyAction } from './action.ts';
import { pathOf } from './argument-changes.ts';
import type { Policy, PolicyScope } from './policy.ts';
import { unknownValues } from './test-message.ts';

/** One thing to mend before a policy can be saved; with `isWarning`, one to think about. */
export interface PolicyProblem {
  readonly field: keyof PolicyDraft;
  readonly problem: string;
  readonly fix: string;
  readonly isWarning?: true;
  /** Of an action or a test: which one, from 0. */
  readonly index?: number;
  /** Of a condition: where, in characters. */
  readonly place?: { readonly start: number; readonly end: number; readonly line: number; readonly column: number };
}

export type PolicyDraft = Omit<Policy, 'id' | 'version'>;

const longestName = 120;
const longestReason = 500;
const longestText = 1_000;

/** In the order of a form's fields; a draft can be saved when none is left that is no warning. */
export function policyProblems(draft: PolicyDraft): readonly PolicyProblem[] {
  return [
    ...textProblems(draft),
    ...rolloutProblems(draft),
    ...scopeProblems(draft),
    ...detectorProblems(draft),
    ...patternProblems(draft),
    ...conditionProblems(draft),
    ...actionProblems(draft),
    ...testProblems(draft),
    ...warnings(draft),
  ];
}

function textProblems({ name, reason, percentage }: PolicyDraft): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  if (name.trim() === '')
    problems.push({
      field: 'name',
      problem: 'The policy has no name.',
      fix: 'Give it a short name that people will recognise.',
    });
  else if (name.length > longestName) problems.push(tooLong('name', name, longestName));
  if (reason.trim() === '')
    problems.push({
      field: 'reason',
      problem: 'The policy does not say why.',
      fix: 'Write the sentence that someone should read whose message is changed or refused.',
    });
  else if (reason.length > longestReason) problems.push(tooLong('reason', reason, longestReason));
  if (!Number.isInteger(percentage) || percentage < 0 || percentage > 100)
    problems.push({
      field: 'percentage',
      problem: `${percentage} is no share.`,
      fix: 'Write a whole number from 0 to 100.',
    });
  return problems;
}

function rolloutProblems({ pilot, budget }: PolicyDraft): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  if (pilot?.length === 0)
    problems.push({
      field: 'pilot',
      problem: 'The policy enforces for no team.',
      fix: 'Choose teams, or leave it out to enforce for everybody.',
    });
  if (budget === undefined || budget === null) return problems;
  const { share, minutes, least } = budget;
  const isBound = share >= 0 && share <= 100 && isWhole(minutes, 1440) && isWhole(least, 1_000_000);
  if (!isBound)
    problems.push({
      field: 'budget',
      problem: 'The budget is out of bounds.',
      fix: 'The share is a number from 0 to 100, minutes are 1 to 1440, and least is at least 1.',
    });
  return problems;
}

function isWhole(number: number, most: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= most;
}

function tooLong(field: 'name' | 'reason', text: string, most: number): PolicyProblem {
  return { field, problem: `The ${field} has ${text.length} characters.`, fix: `Keep it to ${most}.` };
}

const scopeWords: Readonly<Record<keyof PolicyScope, string>> = {
  servers: 'server',
  tools: 'tool',
  teams: 'team',
  roles: 'role',
  clients: 'client',
  workstations: 'workstation',
};

function scopeProblems({ directions, scope }: PolicyDraft): PolicyProblem[] {
  const problems: PolicyProblem[] = [];
  if (directions.length === 0)
    problems.push({
      field: 'directions',
      problem: 'The policy looks at no messages.',
      fix: 'Choose calls to servers, results to clients, listings, or several of them.',
    });
  for (const [part, word] of Object.entries(scopeWords)) {
    if (scope[part as keyof PolicyScope]?.length === 0)
      problems.push({
        field: 'scope',
        problem: `The policy applies to no ${word}.`,
        fix: `Choose ${word}s, or let it apply to every ${word}.`,
      });
  }
  if (scope.tools !== null && directions.includes('listing') && directions.length === 1)
    problems.push({
      field: 'scope',
      problem: 'A listing is about no one tool.',
      fix: 'Leave the tools out, or let the policy look at calls or results.',
    });
  return problems;
}

function detectorProblems({ detectors, threshold }: PolicyDraft): PolicyProblem[] {
  const unknown = detectors.filter((name) => !detectorNames.includes(name));
  const problems: PolicyProblem[] = unknown.map((name) => ({
    field: 'detectors',
    problem: `No detector is called “${name}”.`,
    fix: `Known are ${detectorNames.join(', ')}.`,
  }));
  if (!(threshold >= 0 && threshold <= 1))
    problems.push({
      field: 'threshold',
      problem: `${threshold} is no confidence.`,
      fix: 'Write a number from 0 to 1.',
    });
  return problems;
}

const mostPatterns = 20;

function patternProblems({ patterns = [] }: PolicyDraft): PolicyProblem[] {
  const problems: PolicyProblem[] = patterns.flatMap((pattern, at) => {
    const field = 'patterns' as const;
    if (patterns.findIndex(({ name }) => name === pattern.name) !== at)
      return [{ field, problem: `Two patterns are called “${pattern.name}”.`, fix: 'Give each a name of its own.' }];
    try {
      compileOwnPattern(pattern);
    } catch (error) {
      if (!(error instanceof PatternProblem)) throw error;
      return [
        { field, problem: `The pattern “${pattern.name}”: ${error.message}.`, fix: 'Mend the pattern, or remove it.' },
      ];
    }
    return fixedPartOf(pattern.pattern) !== null
      ? []
      : [
          {
            field,
            problem: `The pattern “${pattern.name}” has no fixed part of three characters, so only the first 16,384 characters of a message are looked at.`,
            fix: 'Write out what all its matches have in common, outside of brackets.',
            isWarning: true as const,
          },
        ];
  });
  if (patterns.length <= mostPatterns) return problems;
  return [{ field: 'patterns', problem: `There are ${patterns.length} patterns.`, fix: `Keep it to ${mostPatterns}.` }];
}

function conditionProblems({ condition, detectors, patterns = [] }: PolicyDraft): PolicyProblem[] {
  if (condition === null) return [];
  const compilation = messageEnvironment.compile(condition);
  if (!compilation.ok)
    return compilation.problems.map(({ message, ...place }) => ({
      field: 'condition',
      problem: message,
      fix: `Look at line ${place.line}, column ${place.column} of the condition.`,
      place,
    }));
  if (detectors.length > 0 || patterns.length > 0 || !compilation.expression.reads.has('findings')) return [];
  return [
    {
      field: 'condition',
      problem: 'The condition reads findings, but the policy names no detectors, so there never are any.',
      fix: `Name detectors or groups: ${detectorGroups.join(', ')}.`,
    },
  ];
}

function actionProblems(draft: PolicyDraft): PolicyProblem[] {
  if (draft.actions.length === 0)
    return [{ field: 'actions', problem: 'The policy does nothing.', fix: 'Choose at least one action.' }];
  return draft.actions.flatMap((action, index) =>
    problemsOfAction(action, draft).map(([problem, fix]) => ({ field: 'actions' as const, problem, fix, index })),
  );
}

function problemsOfAction(
  action: PolicyAction,
  { directions, detectors, patterns = [] }: PolicyDraft,
): [string, string][] {
  switch (action.type) {
    case 'refuse':
      return action.code === undefined || /^[a-z0-9_]{1,60}$/.test(action.code)
        ? textOf(action.message)
        : [[`“${action.code}” is no code.`, 'Use small letters, digits and underscores, 60 at most.']];
    case 'hold':
      return directions.includes('call')
        ? [...textOf(action.message), ...termProblems(action)]
        : [['Only calls can be held.', 'Let it look at calls.']];
    case 'redact':
      if (detectors.length === 0 && patterns.length === 0)
        return [['There is nothing to redact without detectors.', 'Name detectors, or remove this action.']];
      if (action.style === 'replace' && action.text === undefined)
        return [['Replacing needs a text.', 'Write the text to put there.']];
      return textOf(action.text);
    case 'set':
    case 'unset':
      if (pathOf(action.argument) === null)
        return [
          [
            `“${action.argument}” is no place in the arguments.`,
            'Write a JSON pointer such as /limit or /filter/from.',
          ],
        ];
      return directions.includes('call') ? [] : [['Only calls have arguments to change.', 'Let it look at calls.']];
    case 'notice':
      return directions.includes('result')
        ? textOf(action.text, true)
        : [['Only results take a notice.', 'Let it look at results.']];
    case 'tag': {
      const wrong = action.tags.find((tag) => !/^[\w:.-]{1,60}$/.test(tag));
      if (action.tags.length === 0) return [['There is no tag.', 'Write at least one.']];
      if (action.of === 'values' && !directions.includes('result'))
        return [['Only values of results are labelled.', 'Let it look at results.']];
      return wrong === undefined
        ? []
        : [[`“${wrong}” is no tag.`, 'Use letters, digits and _ : . - only, 60 at most.']];
    }
    case 'quarantine':
      if ((action.what === 'token' || action.what === 'member') && !isWithin(action.minutes ?? 0, mostMinutes))
        return [[`A ${action.what} is suspended for a time.`, `Give it 1 to ${mostMinutes} minutes.`]];
      return action.minutes === undefined || (Number.isInteger(action.minutes) && action.minutes > 0)
        ? []
        : [['A quarantine lasts a whole number of minutes.', 'Leave it out to have it last until somebody lifts it.']];
    case 'allow':
      return [];
    case 'alert':
      return textOf(action.title);
  }
}

const mostApprovers = 10;
const mostMinutes = 7 * 24 * 60;

function termProblems({ approvers, from, minutes }: Extract<PolicyAction, { type: 'hold' }>): [string, string][] {
  const problems: [string, string][] = [];
  if (approvers !== undefined && !isWithin(approvers, mostApprovers))
    problems.push([`${approvers} approvers cannot be.`, `Ask for 1 to ${mostApprovers}.`]);
  if (minutes !== undefined && !isWithin(minutes, mostMinutes))
    problems.push([`A request cannot stand for ${minutes} minutes.`, `Give it 1 to ${mostMinutes}.`]);
  if (from !== undefined && from.length === 0)
    problems.push(['Nobody is named who may approve.', 'Name somebody, or leave “from” out.']);
  const wrong = from?.find((name) => !approverPattern.test(name));
  if (wrong !== undefined)
    problems.push([`“${wrong}” names no approver.`, 'Write supervisor, role:NAME, team:NAME or an e-mail address.']);
  return problems;
}

function isWithin(number: number, most: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= most;
}

function textOf(text: string | undefined, isNeeded = false): [string, string][] {
  if (isNeeded && (text === undefined || text.trim() === '')) return [['A text is missing.', 'Write it.']];
  return text !== undefined && text.length > longestText
    ? [[`A text has ${text.length} characters.`, `Keep it to ${longestText}.`]]
    : [];
}

function testProblems({ tests }: PolicyDraft): PolicyProblem[] {
  return tests.flatMap(({ name, given }, index) =>
    unknownValues(given.values ?? {}).map((unknown) => ({
      field: 'tests' as const,
      index,
      problem: `The test “${name}” states “${unknown}”, which conditions do not know.`,
      fix: `Known are ${Object.keys(messageEnvironment.variables).join(', ')}, and their members.`,
    })),
  );
}

function warnings({ condition, detectors, patterns = [], scope, actions, mode }: PolicyDraft): PolicyProblem[] {
  const isEverywhere = Object.values(scope).every((part) => part === null);
  const stops = actions.some(({ type }) => type === 'refuse' || type === 'hold' || type === 'quarantine');
  const isAlwaysTrue = condition === null || condition.trim() === 'true';
  if (!isEverywhere || !stops || !isAlwaysTrue || detectors.length > 0 || patterns.length > 0 || mode === 'draft')
    return [];
  return [
    {
      field: 'condition',
      problem: 'This stops every message of every server.',
      fix: 'Write a condition, or name the servers or tools it is for.',
      isWarning: true,
    },
  ];
}
