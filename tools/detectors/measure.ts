import { compileInspector } from '@mcpvault/domain/inspection/inspect';
import { detectorCatalog } from '@mcpvault/domain/inspection/detector-catalog';
import { createRandom } from './random.ts';
import { carriers, lookAlike, samples } from './samples.ts';

export interface Quality {
  readonly detector: string;
  /** Of made-up texts that hold one: how many there were, and in how many it was found whole. */
  readonly texts: number;
  readonly found: number;
  /** Of texts that only look like it: how many there were, and in how many something was seen. */
  readonly lookAlikes: number;
  readonly taken: number;
}

const perDetector = 400;
const lookAlikes = 6_000;

/** Seeded: the same detectors always measure the same. */
export function measureDetectors(): readonly Quality[] {
  const random = createRandom(11);
  const honest = Array.from({ length: lookAlikes }, () => Buffer.from(JSON.stringify({ text: lookAlike(random) })));
  return detectorCatalog.flatMap(({ id }) => {
    const sample = samples[id];
    if (sample === undefined) return [];
    const inspector = compileInspector([id]);
    let found = 0;
    for (let at = 0; at < perDetector; at++) {
      const { value, named = '' } = sample(random);
      const raw = Buffer.from(JSON.stringify({ text: random.pick(carriers).replace('@', () => named + value) }));
      const texts = inspector.inspect(raw).map(({ start, end }) => raw.toString('utf8', start, end));
      if (texts.includes(value)) found++;
    }
    const taken = honest.filter((raw) => inspector.inspect(raw).length > 0).length;
    return [{ detector: id, texts: perDetector, found, lookAlikes, taken }];
  });
}
