import { type Figure, figuresOf, shareAbove, thresholdAt } from './figures.ts';
import type { Scored } from './held-out.ts';
import { isLearned } from './rows.ts';

/** The measured part of docs/detection.md, from scores that are comparable across channels. */
export function detectionTables(all: readonly Scored[]): string {
  const core = all.filter(({ row }) => isLearned(row));
  const hundredth = thresholdAt(core, 0.01);
  const thousandth = thresholdAt(core, 0.001);
  const whole = [
    ['all', core],
    ...['prompt', 'result', 'description'].map((channel) => [
      channel,
      core.filter(({ row }) => row.channel === channel),
    ]),
    ['all but `synth-` attacks', core.filter(({ row }) => row.label === 0 || !row.source.startsWith('synth-'))],
  ] as const;
  const kinds = (label: 0 | 1) =>
    [...new Set(all.filter(({ row }) => row.label === label).map(({ row }) => row.kind))].toSorted().map((kind) => {
      const rows = all.filter(({ row }) => row.label === label && row.kind === kind);
      const sources = new Set(rows.map(({ row }) => row.source)).size;
      return [kind, rows.length, sources, shown(shareAbove(rows, hundredth)), shown(shareAbove(rows, thousandth))];
    });
  return [
    '### Together, and by channel',
    '',
    table(
      ['texts', 'attacks', 'honest', 'AUC', 'recall at 1 % false positives', 'recall at 0.1 %'],
      whole.map(([name, rows]) => {
        const { attacks, honest, auc, atHundredth, atThousandth } = figuresOf(rows as readonly Scored[]);
        return [name as string, attacks, honest, shown(auc, 3), shown(atHundredth), shown(atThousandth)];
      }),
    ),
    '',
    '### Attacks found, by kind',
    '',
    'At the thresholds of the first line above: of all honest texts together, 1 % and 0.1 % are above them.',
    '',
    table(['kind', 'texts', 'sources', 'found at 1 %', 'found at 0.1 %'], kinds(1)),
    '',
    '### Honest texts taken for attacks, by kind',
    '',
    table(['kind', 'texts', 'sources', 'taken at 1 %', 'taken at 0.1 %'], kinds(0)),
  ].join('\n');
}

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return [head, head.map((_, at) => (at === 0 ? '---' : '---:')), ...rows]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');
}

function shown({ value, low, high }: Figure, digits = 1): string {
  const as = (share: number): string => (digits === 1 ? (100 * share).toFixed(1) : share.toFixed(digits));
  return digits === 1 ? `${as(value)} % (${as(low)}–${as(high)})` : `${as(value)} (${as(low)}–${as(high)})`;
}
