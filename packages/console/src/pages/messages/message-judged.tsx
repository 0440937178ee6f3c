import { Link } from '@tanstack/react-router';
import { counted } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import type { OpenMessage } from './message-view.tsx';
import './message-judged.css';

type Judged = NonNullable<OpenMessage['judged']>;
export type Side = NonNullable<Judged['call']>;
type Rule = Side['rules'][number];

/** Which rules were asked about a message, which matched, which not, and why. */
export function MessageJudged({ Heading, judged }: { readonly Heading: 'h2' | 'h3'; readonly judged: Judged | null }) {
  if (judged === null) return null;
  const sides = (['call', 'result'] as const).flatMap((side) => (judged[side] ? [{ side, said: judged[side] }] : []));
  const rules = sides.reduce((sum, { said }) => sum + said.rules.length, 0);
  const matched = sides.reduce((sum, { said }) => sum + said.rules.filter((rule) => rule.said !== 'missed').length, 0);
  return (
    <section className="judged" aria-label="What policies said">
      <Heading>{`${counted(rules, 'rule')} asked, ${matched} matched`}</Heading>
      {sides.map(({ side, said }) => (
        <SideOf key={side} title={side === 'call' ? 'On the request' : 'On the answer'} said={said} />
      ))}
    </section>
  );
}

interface SideOfProps {
  readonly title: string;
  readonly said: Side;
  /** Shows rules that did not match as well, without being asked. */
  readonly open?: boolean;
}

export function SideOf({ title, said, open = false }: SideOfProps) {
  const matched = said.rules.filter((rule) => rule.said !== 'missed');
  const missed = said.rules.filter((rule) => rule.said === 'missed');
  return (
    <div className="judged-side">
      <p className="soft">
        {title}
        {said.tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
        {said.alerts.map((alert) => (
          <Badge key={`${alert.policy} ${alert.title}`} tone="warn">{`alert: ${alert.title}`}</Badge>
        ))}
        {said.would !== null && <Badge tone="brass">{`a shadow would have ${would[said.would]} it`}</Badge>}
        {said.approval !== null && <HeldBy approval={said.approval} />}
        {said.restored > 0 && <span>{`${counted(said.restored, 'token')} went back to what they stand for`}</span>}
      </p>
      <ul>
        {matched.map((rule) => (
          <li key={`${rule.policy.id} ${rule.version}`}>
            <RuleLine rule={rule} />
          </li>
        ))}
      </ul>
      {missed.length > 0 && (
        <details open={open}>
          <summary className="soft">{`${counted(missed.length, 'rule')} did not match`}</summary>
          <ul>
            {missed.map((rule) => (
              <li key={`${rule.policy.id} ${rule.version}`}>
                <RuleLine rule={rule} />
              </li>
            ))}
          </ul>
        </details>
      )}
    </div>
  );
}

function HeldBy({ approval: { id, said, by } }: { readonly approval: NonNullable<Side['approval']> }) {
  const names = by.map(({ name, email }) => name || email).join(' and ');
  return (
    <Link to="/approvals/$id" params={{ id }} search={{ show: 'all' }}>
      {said === 'waiting'
        ? 'held; it waits for a yes'
        : `held, and ${heldWords[said]}${names === '' ? '' : ` by ${names}`}`}
    </Link>
  );
}

const heldWords = { approved: 'approved', refused: 'refused', withdrawn: 'taken back' };

const would = { refused: 'refused', held: 'held', edited: 'edited' };

function RuleLine({ rule: { policy, version, said, why, actions, shadow } }: { readonly rule: Rule }) {
  return (
    <span className="judged-rule">
      <Badge tone={said === 'matched' ? 'brass' : said === 'failed' ? 'warn' : undefined}>{words[said]}</Badge>
      {policy.id === 'pol_draft' ? (
        <strong>{policy.name}</strong>
      ) : (
        <>
          <Link to="/policies/$id" params={{ id: policy.id }}>
            {policy.name}
          </Link>
          <span className="faint num">{`version ${version}`}</span>
        </>
      )}
      {actions.length > 0 && <span>{`${shadow ? 'would have: ' : ''}${actions.join(', ')}`}</span>}
      {why !== null && <code className="soft">{why}</code>}
    </span>
  );
}

const words = { matched: 'matched', missed: 'not', failed: 'could not tell' };
