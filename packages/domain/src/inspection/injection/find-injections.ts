import type { Match } from '../scanner.ts';
import type { Channel } from './injection-model.ts';
import type { InjectionScorer } from './injection-scorer.ts';
import { readableText } from './readable-text.ts';

/** What of a message is read by a model, and as what. */
export interface Reading {
  readonly channel: Channel;
  /** Byte offsets of the JSON value. */
  readonly start: number;
  readonly end: number;
}

/** Scores below this are nothing that a policy could ask for: one honest text in a hundred has them. */
export const leastConfidence = 0.5;

/** The places in the JSON `text` (a Latin-1 view) that read like instructions to a model, as sure as they look. */
export function findInjections(text: string, scorer: InjectionScorer, reading: Reading): Match[] {
  const readable = readableText(text, reading.start, reading.end, scorer.choose);
  const { spans } = scorer.score(readable.text, reading.channel);
  return spans
    .filter(({ score, end, start }) => score >= leastConfidence && end > start)
    .map(({ start, end, score }) => ({
      detector: 'injection',
      start: readable.startOf(start),
      end: readable.endOf(end - 1),
      // Never entirely sure, so that a policy can ask to be told only.
      confidence: Math.min(0.9999, Math.round(score * 10_000) / 10_000),
    }));
}
