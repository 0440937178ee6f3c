// What a policy does, said in words. Pure.
import type { ItemOf } from '../../api/hub.ts';

export type Policy = ItemOf<'listPolicies'>;
export type Detector = ItemOf<'listDetectors'>;

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
export function detectorWords(policy: Pick<Policy, 'detectors'>, detectors: readonly Detector[]): string {
  const groups = new Set(detectors.map((detector) => detector.group));
  return listed(
    policy.detectors.map((id) =>
      groups.has(id) ? groupName(id) : (detectors.find((detector) => detector.id === id)?.title ?? id),
    ),
  );
}

export function actionWords({ action }: Pick<Policy, 'action'>): string {
  if (action.type === 'refuse') return 'Refuses the message';
  return action.style === 'label' ? 'Redacts with a label' : 'Masks with asterisks';
}

export function directionWords({ directions }: Pick<Policy, 'directions'>): string {
  if (directions.length === 2) return 'in both directions';
  return directions[0] === 'call' ? 'on the way to servers' : 'on the way to clients';
}

export function listed(words: readonly string[]): string {
  if (words.length < 2) return words[0] ?? '';
  return `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
