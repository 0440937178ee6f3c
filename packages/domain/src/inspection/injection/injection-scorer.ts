// How much a text reads like an attempt to take over the model that will read it. Pure and bounded: beyond some size only
// the parts that look most like it are read. It says where, never what; what follows is for policies.
import { decodedViews } from './decoded-views.ts';
import { blockStarts, createFeatures, decodedMark, extractFeatures } from './features.ts';
import { type FoldedText, foldText } from './fold-text.ts';
import type { Channel, InjectionModel } from './injection-model.ts';
import { type Piece, piecesOf } from './pieces.ts';
import { eachWindow } from './text-windows.ts';

/** Offsets into the text, in UTF-16 units. `score` as of a whole text. */
export interface InjectionSpan {
  readonly start: number;
  readonly end: number;
  readonly score: number;
  /** True when it was read out of an encoding. */
  readonly decoded: boolean;
}

export interface InjectionScore {
  /** 0 to 1. One honest text in a hundred of its channel reaches 0.5, one in a thousand 0.9. */
  readonly score: number;
  /** Where it reads most like it: the best window, and others near it in score that do not overlap it. */
  readonly spans: readonly InjectionSpan[];
}

export interface InjectionScorer {
  readonly version: string;
  score(text: string, channel: Channel): InjectionScore;
  /** What of a text is read closely when there is too much of it; all of it otherwise. */
  choose(text: string): readonly Piece[];
}

const mostSpans = 3;
/** How much less than the best a further span may score, before it is made a share. */
const spanDrop = 1.5;

export function createInjectionScorer(model: InjectionModel): InjectionScorer {
  const features = createFeatures();
  let sums = createSums(1024);
  const wordsFrom = blockStarts[1] ?? 0;
  const meaningsFrom = blockStarts[2] ?? 0;
  const pairsFrom = blockStarts[3] ?? 0;
  const { weights, softening, units } = model;
  const [soft0 = 1, soft1 = 1, soft2 = 1, soft3 = 1] = softening;
  const [unit0 = 1, unit1 = 1, unit2 = 1, unit3 = 1] = units;

  function addUp(): void {
    const { ids, starts, tokens } = features;
    if (sums.size <= tokens) sums = createSums(tokens * 2);
    const { evidence, counts } = sums;
    let [e0, e1, e2, e3, n0, n1, n2, n3] = [0, 0, 0, 0, 0, 0, 0, 0];
    for (let token = 0; token < tokens; token++) {
      const end = starts[token + 1] as number;
      for (let at = starts[token] as number; at < end; at++) {
        const id = ids[at] as number;
        const weight = weights[id] as number;
        if (id < wordsFrom) {
          e0 += weight;
          n0++;
        } else if (id < meaningsFrom) {
          e1 += weight;
          n1++;
        } else if (id < pairsFrom) {
          e2 += weight;
          n2++;
        } else {
          e3 += weight;
          n3++;
        }
      }
      const slot = (token + 1) * 4;
      evidence[slot] = e0;
      evidence[slot + 1] = e1;
      evidence[slot + 2] = e2;
      evidence[slot + 3] = e3;
      counts[slot] = n0;
      counts[slot + 1] = n1;
      counts[slot + 2] = n2;
      counts[slot + 3] = n3;
    }
  }

  /** The raw score of the tokens `from` to `to`. */
  function weigh(from: number, to: number): number {
    const { evidence: e, counts: n } = sums;
    const [a, z] = [from * 4, to * 4];
    const part = (block: number, soft: number, unit: number): number =>
      (((e[z + block] as number) - (e[a + block] as number)) * unit) /
      Math.sqrt((n[z + block] as number) - (n[a + block] as number) + soft);
    return part(0, soft0, unit0) + part(1, soft1, unit1) + part(2, soft2, unit2) + part(3, soft3, unit3);
  }

  function read(folded: FoldedText, mark: number, found: (raw: number, from: number, to: number) => void): void {
    extractFeatures(folded, model.meanings, features, mark);
    if (features.tokens === 0) return;
    addUp();
    for (const { words, step } of model.windows)
      eachWindow(features, words, step, (from, to) => found(weigh(from, to), from, to));
  }

  return {
    version: model.version,
    choose: (text) => piecesOf(text, model.meanings),
    score(text, channel) {
      const best: RawSpan[] = [];
      for (const piece of piecesOf(text, model.meanings)) {
        const folded = foldText(piece.text);
        read(folded, 0, (raw, from, to) => {
          if (!isAmong(best, raw)) return;
          const [start, end] = originOf(folded, features.from[from] ?? 0, features.to[to - 1] ?? 0, piece.text);
          keep(best, { raw, start: piece.start + start, end: piece.start + end, decoded: false });
        });
        for (const view of decodedViews(piece.text, model.meanings))
          read(foldText(view.text), decodedMark, (raw) => {
            if (isAmong(best, raw))
              keep(best, { raw, start: piece.start + view.start, end: piece.start + view.end, decoded: true });
          });
      }
      const bias = model.bias[channel];
      const share = (raw: number): number => calibrated(raw + bias, model.anchors[channel]);
      const [top] = best;
      if (top === undefined) return { score: 0, spans: [] };
      const spans = best
        .filter(({ raw }) => raw > top.raw - spanDrop)
        .map(({ raw, ...span }) => ({ ...span, score: share(raw) }));
      return { score: share(top.raw), spans };
    },
  };
}

interface RawSpan {
  readonly raw: number;
  readonly start: number;
  readonly end: number;
  readonly decoded: boolean;
}

function isAmong(best: readonly RawSpan[], raw: number): boolean {
  return best.length < mostSpans || raw > (best.at(-1)?.raw ?? 0);
}

/** Keeps the best spans, best first, none of which overlaps another. */
function keep(best: RawSpan[], span: RawSpan): void {
  const overlapping = best.filter(({ start, end }) => start < span.end && span.start < end);
  if (overlapping.some(({ raw }) => raw >= span.raw)) return;
  for (const other of overlapping) best.splice(best.indexOf(other), 1);
  const at = best.findIndex(({ raw }) => raw < span.raw);
  best.splice(at === -1 ? best.length : at, 0, span);
  if (best.length > mostSpans) best.pop();
}

function originOf({ origins }: FoldedText, from: number, to: number, text: string): readonly [number, number] {
  const start = origins[from] ?? 0;
  const last = to === 0 ? 0 : (origins[to - 1] ?? 0);
  return [start, Math.min(text.length, last + ((text.codePointAt(last) ?? 0) > 0xffff ? 2 : 1))];
}

/** A logistic curve through the two anchors. */
function calibrated(raw: number, [hundredth, thousandth]: readonly [number, number]): number {
  const slope = Math.log(9) / Math.max(0.1, thousandth - hundredth);
  return 1 / (1 + Math.exp(-slope * (raw - hundredth)));
}

interface Sums {
  readonly size: number;
  readonly evidence: Float64Array;
  readonly counts: Int32Array;
}

/** Running totals by token and block, so that a window is a difference of two. */
function createSums(tokens: number): Sums {
  return { size: tokens, evidence: new Float64Array((tokens + 1) * 4), counts: new Int32Array((tokens + 1) * 4) };
}
