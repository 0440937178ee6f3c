// What a policy does, said in words. Pure.
import type { ItemOf, Output } from '../../api/hub.ts';

export type Detector = ItemOf<'listDetectors'>;
export type Definition = Output<'getDefinition'>;
export type Hits = Output<'countPolicyHits'>['items'][number];

const groupNames: Readonly<Record<string, string>> = {
  cards: 'payment cards',
  email: 'e-mail addresses',
  injection: 'prompt injections',
  network: 'addresses of networks',
  structure: 'results that break their schema',
  personal: 'personal numbers',
};

/** `secrets` → "secrets", `cards` → "payment cards". */
export function groupName(group: string): string {
  return groupNames[group] ?? group.replaceAll('-', ' ');
}

/** "secrets, payment cards and JSON web token" */
export function detectorWords(policy: Pick<Definition, 'detectors'>, detectors: readonly Detector[]): string {
  const groups = new Set(detectors.map((detector) => detector.group));
  return listed(
    policy.detectors.map((id) =>
      groups.has(id) ? groupName(id) : (detectors.find((detector) => detector.id === id)?.title ?? id),
    ),
  );
}

/** What each action does, as the third person says it. */
export const actionWords: Readonly<Record<Definition['actions'][number]['type'], string>> = {
  allow: 'lets it pass',
  refuse: 'refuses the message',
  hold: 'holds the call',
  redact: 'redacts',
  set: 'sets an argument',
  unset: 'removes an argument',
  notice: 'adds a notice',
  tag: 'tags',
  alert: 'alerts',
  quarantine: 'quarantines',
};

/** "Redacts and alerts when it finds secrets." */
export function sentenceOfPolicy(
  policy: Pick<Definition, 'actions' | 'detectors' | 'condition'>,
  detectors: readonly Detector[],
) {
  const does = listed([...new Set(policy.actions.map(({ type }) => actionWords[type]))]);
  const finds = policy.detectors.length === 0 ? '' : ` when it finds ${detectorWords(policy, detectors)}`;
  const holds =
    policy.condition === null ? '' : finds === '' ? ' when its condition holds' : ' and its condition holds';
  return `${does.charAt(0).toUpperCase()}${does.slice(1)}${finds}${holds}.`;
}

/** "warehouse, 2 tools, 1 team"; "everything" without bounds. */
export function scopeWords({ scope }: Pick<Definition, 'scope'>, serverName: (id: string) => string): string {
  const few = (names: readonly string[], one: string, many: string) =>
    names.length <= 2 ? names.join(', ') : `${names.length} ${names.length === 1 ? one : many}`;
  const parts = [
    scope.servers && few(scope.servers.map(serverName), 'server', 'servers'),
    scope.tools && few(scope.tools, 'tool', 'tools'),
    scope.teams && counted(scope.teams.length, 'team'),
    scope.roles && few(scope.roles, 'role', 'roles'),
    scope.clients && few(scope.clients, 'client', 'clients'),
    scope.workstations && counted(scope.workstations.length, 'workstation'),
  ].filter((part) => part !== null);
  return parts.length === 0 ? 'everything' : parts.join(' · ');
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** "enforce", "enforce 20 %", "enforce for 1 team". */
export function modeWords({ mode, percentage, pilot }: Pick<Definition, 'mode' | 'percentage' | 'pilot'>): string {
  if (mode !== 'enforce') return mode;
  const share = percentage < 100 ? ` ${percentage} %` : '';
  return `enforce${share}${pilot === null ? '' : ` for ${counted(pilot.length, 'team')}`}`;
}

export function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
