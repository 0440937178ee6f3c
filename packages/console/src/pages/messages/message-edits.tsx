import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { counted } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import type { Mark } from './marks.ts';
import './message-edits.css';

interface MessageEditsProps {
  readonly marks: readonly Mark[];
  /** How many of the marks, from the front, lie in the request. */
  readonly requestCount: number;
  readonly onShow: (side: 'request' | 'response', number: number) => void;
}

const few = 6;

/** What was changed or noticed, by which policy and why; a press shows the place. */
export function MessageEdits({ marks, requestCount, onShow }: MessageEditsProps) {
  const [all, setAll] = useState(false);
  if (marks.length === 0) return null;
  const redactions = marks.filter((mark) => mark.tone !== 'found').length;
  const shown = all ? marks : marks.slice(0, few);
  return (
    <section className="edits" aria-label="Redactions and findings">
      <h3>{redactions > 0 ? counted(redactions, 'redaction') : counted(marks.length, 'finding')}</h3>
      <ul>
        {shown.map((mark) => {
          const side = mark.number <= requestCount ? 'request' : 'response';
          return (
            <li key={mark.number} className="edit">
              <button
                type="button"
                className="edit-number num"
                data-tone={mark.tone}
                aria-label={`Show ${mark.number} in the ${side}`}
                onClick={() => onShow(side, mark.number)}
              >
                {mark.number}
              </button>
              <div>
                <p>
                  <strong>{mark.what}</strong> <span className="faint">in the {side}</span>
                </p>
                <p className="soft">
                  {mark.policy && (
                    <>
                      <Badge tone="brass">policy</Badge>{' '}
                      <Link to="/policies" search={{ edit: mark.policy.id }}>
                        {mark.policy.name}
                      </Link>
                      {mark.reason && ': '}
                    </>
                  )}
                  {mark.reason}
                </p>
              </div>
            </li>
          );
        })}
      </ul>
      {marks.length > few && !all && (
        <Button size="small" kind="quiet" onClick={() => setAll(true)}>
          Show all {marks.length}
        </Button>
      )}
    </section>
  );
}
