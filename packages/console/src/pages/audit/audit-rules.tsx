// Whether calls may pass when they cannot be written down.
import { useRead, useWrite } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { Radio } from '../../parts/field.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem, sentenceOf } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { say, warn } from '../../parts/toast.tsx';

export function AuditRules() {
  const may = useMay();
  const rules = useRead('getAuditRules', {});
  const update = useWrite('updateAuditRules', 'audit');
  if (rules.error) return <Problem error={rules.error} onRetry={() => void rules.refetch()} />;
  if (rules.data === undefined) return <SkeletonLines count={3} label="Loading" />;
  const { mode, chosen, lost, lastLostAt } = rules.data;
  const choose = (next: typeof mode): void =>
    update.mutate(
      { mode: next },
      {
        onSuccess: () =>
          say(next === 'required' ? 'No call passes without its record' : 'Calls pass without their record'),
        onError: (error) => warn('This could not be changed', sentenceOf(error)),
      },
    );
  const radio = (value: typeof mode, label: string, hint: string) => (
    <Radio
      name="audit-mode"
      label={label}
      hint={hint}
      checked={mode === value}
      disabled={!may('audit:write') || update.isPending}
      onChange={() => choose(value)}
    />
  );
  return (
    <Section
      title="When calls cannot be written down"
      text="The disk may be full, or the database away for so long that the journal is. What members and admins do is always written in the same transaction, or not done."
    >
      <div className="stack">
        {radio('required', 'Required', 'Such calls are refused, and clients are told why.')}
        {radio('best-effort', 'Best effort', 'They pass, are counted, and the log tells how many are missing.')}
        {!chosen && <p className="soft">This is the hub’s own setting; choosing here holds for your organization.</p>}
        {lost > 0 && (
          <p>
            <Badge tone="warn">{lost.toLocaleString('en')} messages</Badge> passed without being written down
            {lastLostAt !== null && (
              <>
                , last <RelativeTime at={lastLostAt} />
              </>
            )}
            .
          </p>
        )}
      </div>
    </Section>
  );
}
