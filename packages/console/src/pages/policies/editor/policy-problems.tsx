import { CircleAlert, CircleCheck, CircleX, TriangleAlert } from 'lucide-react';
import { counted } from '../../../format.ts';
import { Problem } from '../../../parts/problem.tsx';
import type { PolicyDraft } from '../use-policy-draft.ts';

interface PolicyProblemsProps {
  readonly draft: PolicyDraft;
  /** Brings a place of the text into sight. */
  readonly onShow: (start: number) => void;
}

/** What keeps the policy from being saved, and how its tests went: said again as one types. */
export function PolicyProblems({ draft: { problems, policy, checked, error }, onShow }: PolicyProblemsProps) {
  const tests = policy?.tests ?? [];
  const failed = tests.filter(({ failure }) => failure !== null);
  return (
    <section className="policy-said" aria-label="What is wrong, and the tests">
      {error !== null && <Problem error={error} title="The policy could not be checked" />}
      <p className="soft" role="status">
        {checked === null
          ? 'Checking…'
          : problems.length > 0
            ? `${counted(problems.length, 'thing')} to look at.`
            : tests.length === 0
              ? 'Nothing is wrong. It has no tests yet.'
              : failed.length === 0
                ? `Nothing is wrong, and ${tests.length === 1 ? 'its test passes' : `all ${tests.length} tests pass`}.`
                : `${counted(failed.length, 'test')} of ${tests.length} ${failed.length === 1 ? 'fails' : 'fail'}.`}
      </p>
      {problems.length > 0 && (
        <ul className="said-list" aria-label="Problems">
          {problems.map(({ path, problem, fix, isWarning, place }, index) => (
            // The hub says them anew with each change.
            // oxlint-disable-next-line react/no-array-index-key
            <li key={index} data-tone={isWarning ? 'warn' : 'bad'}>
              {isWarning ? (
                <TriangleAlert size={15} aria-hidden="true" />
              ) : (
                <CircleAlert size={15} aria-hidden="true" />
              )}
              <span>
                {path !== '' && <code>{path}</code>} {problem} <span className="soft">{fix}</span>
              </span>
              {place !== null && (
                <button type="button" className="said-place" onClick={() => onShow(place.start)}>
                  {`line ${place.line}, column ${place.column}`}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      {tests.length > 0 && (
        <ul className="said-list" aria-label="Tests">
          {tests.map(({ name, failure, place }) => (
            <li key={name} data-tone={failure === null ? 'ok' : 'bad'}>
              {failure === null ? (
                <CircleCheck size={15} aria-hidden="true" />
              ) : (
                <CircleX size={15} aria-hidden="true" />
              )}
              <span>
                {name} <span className="soft">{failure === null ? 'passes' : failure}</span>
              </span>
              {place !== null && (
                <button type="button" className="said-place" onClick={() => onShow(place.start)}>
                  {`line ${place.line}`}
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
