import { Link } from '@tanstack/react-router';
import { count, counted } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { groupsOf, type Mark } from './marks.ts';
import './message-edits.css';

interface MessageEditsProps {
  readonly Heading: 'h2' | 'h3';
  readonly marks: readonly Mark[];
  /** How many of the marks, from the front, lie in the request. */
  readonly requestCount: number;
  readonly onShow: (side: 'request' | 'response', number: number) => void;
}

/** Numbers shown of one kind; the marks themselves are all in the text. */
const most = 40;

/** What was changed or noticed, by which policy and why; a press on a number shows the place. */
export function MessageEdits({ Heading, marks, requestCount, onShow }: MessageEditsProps) {
  if (marks.length === 0) return null;
  const redactions = marks.filter((mark) => mark.tone !== 'found').length;
  return (
    <section className="edits" aria-label="Redactions and findings">
      <Heading>{heading(redactions, marks.length - redactions)}</Heading>
      {groupsOf(marks).map((group) => (
        <div key={`${group.policy?.id} ${group.layer} ${group.reason}`} className="edit-group">
          <p className="soft">
            {group.policy && (
              <>
                <Badge tone="brass">policy</Badge> {group.layer !== null && <Badge>{layerWords[group.layer]}</Badge>}{' '}
                <Link to="/policies/$id" params={{ id: group.policy.id }}>
                  {group.policy.name}
                </Link>
                {group.reason && ': '}
              </>
            )}
            {group.reason}
          </p>
          <ul>
            {group.kinds.map(({ what, marks: places }) => (
              <li key={what} className="edit">
                <span>{what}</span>
                {places.slice(0, most).map((mark) => {
                  const side = mark.number <= requestCount ? 'request' : 'response';
                  return (
                    <button
                      key={mark.number}
                      type="button"
                      className="edit-number num"
                      data-tone={mark.tone}
                      aria-label={`Show ${mark.number}, in the ${side}`}
                      title={`In the ${side}`}
                      onClick={() => onShow(side, mark.number)}
                    >
                      {mark.number}
                    </button>
                  );
                })}
                {places.length > most && <span className="faint">and {count(places.length - most)} more</span>}
              </li>
            ))}
          </ul>
        </div>
      ))}
    </section>
  );
}

const layerWords = { hub: 'at the hub', workstation: 'on the workstation' };

function heading(redactions: number, others: number): string {
  const words = [
    redactions > 0 ? counted(redactions, 'redaction') : null,
    others > 0 ? counted(others, redactions > 0 ? 'other mark' : 'mark') : null,
  ];
  return words.filter((word) => word !== null).join(' and ');
}
