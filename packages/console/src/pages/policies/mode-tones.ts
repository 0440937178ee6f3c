import type { Tone } from '../../parts/badge.tsx';
import type { Definition } from './policy-words.ts';

export const modeTones: Readonly<Record<Definition['mode'], Tone>> = {
  enforce: 'ok',
  shadow: 'brass',
  draft: 'neutral',
};

export const severityTones: Readonly<Record<Definition['severity'], Tone>> = {
  info: 'neutral',
  low: 'neutral',
  medium: 'accent',
  high: 'warn',
  critical: 'bad',
};
