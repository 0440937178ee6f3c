import type { Detector } from '../detector.ts';

/** Finds nothing by itself: it reads whole texts with a learned model, see `injection/find-injections.ts`. */
export const injection: Detector = {
  id: 'injection',
  group: 'injection',
  title: 'Prompt injection',
  description:
    'Instructions to the model that reads a text: attempts to override its orders, jailbreaks, commands hidden in results and in definitions of tools. Not found are plain requests that only their place makes foreign.',
  anchors: [],
  judge: () => {},
};
