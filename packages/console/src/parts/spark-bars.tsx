import './spark-bars.css';

interface Bar {
  readonly key: string;
  readonly label: string;
  readonly value: number;
  /** The part of the value that is trouble. */
  readonly bad: number;
}

interface SparkBarsProps {
  readonly title: string;
  readonly bars: readonly Bar[];
  readonly valueName: string;
  readonly badName: string;
  /** A shortcut for the mouse; what it leads to must be reachable otherwise too. */
  readonly onPick: (key: string) => void;
}

/** Bars for the eye, the same numbers as a table for screen readers. */
export function SparkBars({ title, bars, valueName, badName, onPick }: SparkBarsProps) {
  const most = Math.max(1, ...bars.map((bar) => bar.value));
  return (
    <div className="bars-frame">
      <div className="bars" aria-hidden="true">
        {bars.map((bar) => (
          <button
            key={bar.key}
            type="button"
            tabIndex={-1}
            className="bar"
            title={`${bar.label}: ${bar.value} ${valueName}, ${bar.bad} ${badName}`}
            onClick={() => onPick(bar.key)}
          >
            <div
              className="bar-fill"
              data-empty={bar.value === 0 || undefined}
              style={{ height: `${Math.max(2, (bar.value / most) * 100)}%` }}
            >
              {bar.bad > 0 && (
                <div className="bar-bad" style={{ height: `${Math.max(8, (bar.bad / bar.value) * 100)}%` }} />
              )}
            </div>
          </button>
        ))}
      </div>
      <div className="bars-axis faint num" aria-hidden="true">
        {[0, Math.floor(bars.length / 2), bars.length - 1].map((index) => (
          <span key={index}>{bars[index]?.label}</span>
        ))}
      </div>
      <table className="visually-hidden">
        <caption>{title}</caption>
        <thead>
          <tr>
            <th>Time</th>
            <th>{valueName}</th>
            <th>{badName}</th>
          </tr>
        </thead>
        <tbody>
          {bars.map((bar) => (
            <tr key={bar.key}>
              <td>{bar.label}</td>
              <td>{bar.value}</td>
              <td>{bar.bad}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
