// What the editor offers while a policy is written: keys and their values, and inside a condition what it can read and call.
// Pure: lines in, offers out.

export interface Offer {
  readonly label: string;
  /** Beside the label: a type. */
  readonly detail?: string;
  /** What it means. */
  readonly info?: string;
  readonly kind: 'keyword' | 'variable' | 'function' | 'value';
  /** What is written, where that is more than the label. */
  readonly apply?: string;
}

export interface Vocabulary {
  readonly variables: readonly { readonly name: string; readonly type: string; readonly means: string }[];
  readonly functions: readonly { readonly signature: string; readonly means: string; readonly example: string }[];
  readonly detectors: readonly { readonly id: string; readonly group: string; readonly title: string }[];
  readonly servers: readonly string[];
  readonly teams: readonly string[];
}

export interface Offers {
  /** How many characters before the cursor belong to what is being written. */
  readonly typed: number;
  readonly offers: readonly Offer[];
}

/** `before` is the whole text up to the cursor. null where nothing is offered. */
export function offersAt(before: string, words: Vocabulary): Offers | null {
  const lines = before.split('\n');
  const line = lines.at(-1) ?? '';
  const key = keyAt(lines);
  if (key.path[0] === 'condition') return conditionOffers(line, words);
  const typed = /[\w-]*$/.exec(line)?.[0] ?? '';
  const offers = key.isValue ? valueOffers(key.path, words) : keyOffers(key.path);
  return offers.length === 0 ? null : { typed: typed.length, offers };
}

function conditionOffers(line: string, { variables, functions }: Vocabulary): Offers | null {
  const typed = /[\w.]*$/.exec(line)?.[0] ?? '';
  const dot = typed.lastIndexOf('.');
  const group = dot < 0 ? '' : typed.slice(0, dot + 1);
  const read = variables
    .filter(({ name }) => name.startsWith(group))
    .map(({ name, type, means }): Offer => {
      return { label: name.slice(group.length), detail: type, info: means, kind: 'variable' };
    });
  const called =
    group === ''
      ? functions.map(({ signature, means, example }): Offer => {
          const name = signature.split('(')[0] ?? signature;
          return {
            label: name,
            detail: signature.slice(name.length),
            info: `${means} ${example}`,
            kind: 'function',
            apply: `${name}(`,
          };
        })
      : methods.map((name): Offer => ({ label: name, kind: 'function', apply: `${name}(` }));
  const plain = group === '' ? ['true', 'false', 'has', 'size', 'timestamp'] : [];
  const offers = [...read, ...called, ...plain.map((label): Offer => ({ label, kind: 'keyword' }))];
  return { typed: typed.length - group.length, offers };
}

const methods = [
  'startsWith',
  'endsWith',
  'contains',
  'matches',
  'split',
  'lowerAscii',
  'exists',
  'all',
  'filter',
  'map',
  'size',
];

interface At {
  readonly path: readonly string[];
  /** Behind the colon, or an item of its list; else a key is being written. */
  readonly isValue: boolean;
}

/** Which key the end of the text belongs to, told by indentation alone: a text that is being written is rarely whole. */
function keyAt(lines: readonly string[]): At {
  const line = lines.at(-1) ?? '';
  const own = /^(\s*)(- +)?(?:([\w-]+):\s*)?(.*)$/.exec(line);
  const [, space = '', dash = '', key, rest = ''] = own ?? [];
  const depth = space.length + dash.length;
  const above = keysAbove(lines.slice(0, -1), dash === '' || key !== undefined ? depth : space.length + 1);
  if (key !== undefined) return { path: [...above, key], isValue: true };
  if (above[0] === 'condition') return { path: above, isValue: true };
  const isItem = dash !== '' && !['actions', 'tests'].includes(above.at(-1) ?? '');
  const inFlow = /\[[^\]]*$/.test(rest);
  return { path: above, isValue: isItem || inFlow };
}

function keysAbove(lines: readonly string[], depth: number): string[] {
  const path: string[] = [];
  let below = depth;
  for (let at = lines.length - 1; at >= 0 && below > 0; at -= 1) {
    const found = /^(\s*)(- +)?([\w-]+):/.exec(lines[at] ?? '');
    if (found === null) continue;
    const [, space = '', dash = '', key = ''] = found;
    const indent = space.length + dash.length;
    // Within an item, the keys beside it are not above it.
    if (indent < below) {
      path.unshift(key);
      below = indent;
    }
    if (dash !== '') below = Math.min(below, space.length + 1);
  }
  return path;
}

const keys: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  '': [
    ['name', 'Unique in the organization.'],
    ['reason', 'Read by those whose message is changed or refused.'],
    ['owner', 'Who answers questions about it.'],
    ['severity', 'Ranks policies that disagree.'],
    ['mode', 'draft looks at nothing, shadow only watches, enforce acts.'],
    ['percentage', 'Of callers for whom it enforces; for the others it only watches.'],
    ['pilot', 'Teams for whom it enforces; for everybody else it only watches.'],
    ['budget', 'How much it may stop or change before it only watches.'],
    ['directions', 'call, result, listing.'],
    ['scope', 'For which servers, tools, teams, roles, clients.'],
    ['detectors', 'What must be found: ids or groups.'],
    ['patterns', 'Of your own: what else must be found.'],
    ['threshold', 'How sure detectors must be, 0 to 1.'],
    ['condition', 'CEL; what must hold.'],
    ['actions', 'What happens.'],
    ['tests', 'Messages, and what it makes of them.'],
  ],
  scope: [
    ['servers', 'By name.'],
    ['tools', 'By the names that servers use; * at the end.'],
    ['teams', 'By name.'],
    ['roles', 'admin, member, auditor, or your own.'],
    ['clients', 'By the names that they give themselves.'],
    ['workstations', 'By id.'],
  ],
  budget: [
    ['share', 'Percent of the messages it looked at.'],
    ['minutes', 'Over how many minutes back.'],
    ['least', 'Nothing is concluded from fewer messages.'],
  ],
  actions: [
    ['type', 'What is done.'],
    ['style', 'Of redact.'],
    ['text', 'Of redact and notice.'],
    ['code', 'Of refuse, for machines.'],
    ['message', 'Of refuse and hold, for people.'],
    ['argument', 'Of set and unset: a JSON pointer.'],
    ['value', 'Of set.'],
    ['tags', 'Of tag.'],
    ['of', 'Of tag: message or session.'],
    ['title', 'Of alert.'],
    ['what', 'Of quarantine: tool or session.'],
    ['minutes', 'Of quarantine.'],
  ],
  tests: [
    ['name', 'What is tested.'],
    ['given', 'The message.'],
    ['expect', 'What comes of it.'],
  ],
  given: [
    ['direction', 'call, result or listing.'],
    ['tool', 'Its name.'],
    ['arguments', 'Of the call.'],
    ['result', 'Of the answer.'],
    ['values', 'What conditions read otherwise.'],
  ],
  expect: [
    ['outcome', 'allowed, refused, held, edited or not_matched.'],
    ['contains', 'A text that is delivered.'],
    ['lacks', 'A text that is not.'],
    ['tags', 'That it gives.'],
    ['alert', 'Whether one is raised.'],
  ],
};

function keyOffers(path: readonly string[]): Offer[] {
  return (keys[path.at(-1) ?? ''] ?? []).map(([label, info]) => ({
    ...{ label, info, kind: 'keyword' as const },
    apply: `${label}: `,
  }));
}

export const actionTypes = [
  ['refuse', 'The message does not go on.'],
  ['hold', 'A person has to say yes first.'],
  ['redact', 'What was found is taken out.'],
  ['set', 'An argument gets a value.'],
  ['unset', 'An argument is taken away.'],
  ['notice', 'A text is added to the answer.'],
  ['tag', 'The message or conversation is labelled.'],
  ['alert', 'An alert is raised.'],
  ['quarantine', 'The tool or conversation is shut away.'],
  ['allow', 'Nothing; the trace shows that it matched.'],
] as const;

const values: Readonly<Record<string, readonly string[]>> = {
  severity: ['info', 'low', 'medium', 'high', 'critical'],
  mode: ['draft', 'shadow', 'enforce'],
  directions: ['call', 'result', 'listing'],
  direction: ['call', 'result', 'listing'],
  outcome: ['allowed', 'refused', 'held', 'edited', 'not_matched'],
  style: ['remove', 'replace', 'label', 'hash', 'tokenise', 'mask'],
  of: ['message', 'session'],
  what: ['tool', 'session'],
  roles: ['admin', 'member', 'auditor'],
  alert: ['true', 'false'],
};

function valueOffers(path: readonly string[], words: Vocabulary): Offer[] {
  const key = path.at(-1) ?? '';
  const named = (names: readonly string[]) => names.map((label): Offer => ({ label, kind: 'value' }));
  if (key === 'servers') return named(words.servers);
  if (key === 'teams' || key === 'pilot') return named(words.teams);
  if (key === 'type') return actionTypes.map(([label, info]) => ({ label, info, kind: 'value' }));
  if (key === 'detectors') {
    const groups = [...new Set(words.detectors.map(({ group }) => group))];
    const all = groups.map((label): Offer => ({ label, detail: 'group', kind: 'value' }));
    return [...all, ...words.detectors.map(({ id, title }): Offer => ({ label: id, detail: title, kind: 'value' }))];
  }
  return named(values[key] ?? []);
}
