// The learned part: a versioned file of words that are used alike and of small weights. Made by tools/training; read here
// from bytes that somebody else loaded.
import { featureCount } from './features.ts';
import { createWordMeanings, type WordMeanings } from './word-meanings.ts';

export const channels = ['prompt', 'result', 'description'] as const;
/** Where a text was met: in arguments and prompts, in results and resources, or in definitions of tools and the like. */
export type Channel = (typeof channels)[number];

export interface ModelHeader {
  /** Of the layout and of how features are made; a file of another one cannot be read. */
  readonly format: 2;
  /** Of what was learned, for records and people. */
  readonly version: string;
  /** By block: what a weight of 1 is worth. */
  readonly units: readonly number[];
  /** By block: added to the number of features before its root is taken, so that short windows do not shout. */
  readonly softening: readonly number[];
  readonly bias: Readonly<Record<Channel, number>>;
  /** Sizes of windows and the steps between them, in words. */
  readonly windows: readonly { readonly words: number; readonly step: number }[];
  /** By channel: the raw score that one honest text in a hundred reaches, and in a thousand. Becomes 0.5, and 0.9. */
  readonly anchors: Readonly<Record<Channel, readonly [hundredth: number, thousandth: number]>>;
  /** What it was trained on, for people. */
  readonly trainedOn: readonly string[];
}

export interface InjectionModel extends ModelHeader {
  readonly meanings: WordMeanings;
  readonly weights: Int8Array;
}

const magic = 0x4d56494a;

/** Throws on anything but a whole file of this format. */
export function readInjectionModel(bytes: Uint8Array): InjectionModel {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 12 || view.getUint32(0) !== magic) throw new Error('this is no injection model');
  const headerEnd = 12 + view.getUint32(4);
  const groupsEnd = headerEnd + view.getUint32(8);
  if (bytes.length !== groupsEnd + featureCount)
    throw new Error('the injection model is cut short or of another layout');
  const decoder = new TextDecoder();
  const header = JSON.parse(decoder.decode(bytes.subarray(12, headerEnd))) as ModelHeader;
  if (header.format !== 2) throw new Error(`the injection model has format ${String(header.format)}, not 2`);
  const weights = new Int8Array(bytes.subarray(groupsEnd));
  return { ...header, weights, meanings: createWordMeanings(decoder.decode(bytes.subarray(headerEnd, groupsEnd))) };
}

export function writeInjectionModel(header: ModelHeader, groups: string, weights: Int8Array): Uint8Array {
  const encoder = new TextEncoder();
  const [head, words] = [encoder.encode(JSON.stringify(header)), encoder.encode(groups)];
  const bytes = new Uint8Array(12 + head.length + words.length + weights.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  view.setUint32(4, head.length);
  view.setUint32(8, words.length);
  bytes.set(head, 12);
  bytes.set(words, 12 + head.length);
  bytes.set(new Uint8Array(weights.buffer, weights.byteOffset, weights.length), 12 + head.length + words.length);
  return bytes;
}
