import { count } from '../../../format.ts';

interface TilesProps {
  readonly label: string;
  readonly tiles: readonly (readonly [word: string, value: number])[];
}

/** A few numbers side by side, each with its word. */
export function Tiles({ label, tiles }: TilesProps) {
  return (
    <dl className="tiles" aria-label={label}>
      {tiles.map(([word, value]) => (
        <div key={word} className="tile" data-none={value === 0 || undefined}>
          <dt>{word}</dt>
          <dd className="num">{count(value)}</dd>
        </div>
      ))}
    </dl>
  );
}
