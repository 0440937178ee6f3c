import type { Detector } from '../detector.ts';

/** Finds nothing by itself: the stage `validate-result` knows the tool whose result it is. */
export const resultSchema: Detector = {
  id: 'result-schema',
  group: 'structure',
  title: 'Result that breaks its schema',
  description:
    'Structured results that do not fit the output schema of their tool, or are missing where it has one. Less sure where the schema cannot be checked: it reaches outside, has patterns that are not known, or would take too long.',
  anchors: [],
  judge: () => {},
};
