import { gzipSync } from 'node:zlib';
import { blockStarts } from '@mcpvault/domain/inspection/injection/features';
import { channels, type ModelHeader, writeInjectionModel } from '@mcpvault/domain/inspection/injection/injection-model';
import { windowSizes } from './corpus.ts';
import { type LinearModel, softening } from './linear-model.ts';
import { isLearned, type Row } from './rows.ts';

interface Origin {
  readonly groups: string;
  readonly anchors: ModelHeader['anchors'];
  readonly rows: readonly Row[];
}

/** The model as it ships: weights in a byte each, the largest one in ten thousand cut off. */
export function modelFileOf({ weights, bias }: LinearModel, { groups, anchors, rows }: Origin): Buffer {
  const units = [0, 1, 2, 3].map((block) => {
    const part = weights
      .subarray(blockStarts[block], blockStarts[block + 1])
      .map(Math.abs)
      .toSorted();
    return (part[Math.floor(part.length * 0.9999)] ?? 1) / 127;
  });
  const bytes = Int8Array.from(weights, (weight, id) => {
    const unit = units[blockStarts.findLastIndex((start) => id >= start)] ?? 1;
    return Math.max(-127, Math.min(127, Math.round(weight / unit)));
  });
  const header: ModelHeader = {
    format: 2,
    version: '2026-11-21',
    units,
    softening,
    bias: Object.fromEntries(channels.map((channel) => [channel, bias[channel]])) as ModelHeader['bias'],
    windows: windowSizes,
    anchors,
    trainedOn: countsBySource(rows),
  };
  return gzipSync(writeInjectionModel(header, groups, bytes), { level: 9 });
}

function countsBySource(rows: readonly Row[]): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) if (isLearned(row)) counts.set(row.source, (counts.get(row.source) ?? 0) + 1);
  return [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([source, count]) => `${source} ${count}`);
}
