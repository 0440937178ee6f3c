// Has the hub check its log, and says what came of it.
import { ShieldCheck } from 'lucide-react';
import { type Output, useWrite } from '../../api/hub.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';

export function useAuditProof() {
  const check = useWrite('verifyAudit');
  const button = (
    <Button icon={ShieldCheck} busy={check.isPending} onClick={() => check.mutate({})}>
      {check.isPending ? 'Checking…' : 'Verify'}
    </Button>
  );
  return { button, result: <Result error={check.error} found={check.data} /> };
}

function Result({ error, found }: { readonly error: Error | null; readonly found: Output<'verifyAudit'> | undefined }) {
  if (error) return <Problem error={error} />;
  if (found === undefined) return null;
  if (!found.intact) return <Broken problem={found.problem} />;
  const { entries, removed, calls, signed } = found;
  return (
    <div className="row" role="status">
      <Badge tone="ok">Intact</Badge>
      <span className="soft">
        {entries.toLocaleString('en')} entries
        {calls > 0 && ` and ${calls.toLocaleString('en')} calls`}
        {removed > 0 && `, and the hashes of ${removed.toLocaleString('en')} that retention took`}, as they were
        written.
        {signed === null ? (
          ' Not signed yet.'
        ) : (
          <>
            {' '}
            Signed up to entry {(signed.size - 1).toLocaleString('en')} <RelativeTime at={signed.at} /> with key{' '}
            <code>{signed.key.slice(0, 8)}…</code>
          </>
        )}
      </span>
    </div>
  );
}

function Broken({ problem }: { readonly problem: Output<'verifyAudit'>['problem'] }) {
  const where = problem?.sequence === null || problem === null ? 'somewhere' : `at entry ${problem.sequence}`;
  return (
    <Notice tone="bad" urgent title={`The log is broken ${where}`}>
      <p>
        {problem?.why}. {problem?.id && <code>{problem.id}</code>} {problem?.message && <code>{problem.message}</code>}
      </p>
      <p className="soft">
        Somebody changed the database around MCPVault. Keep a copy of it as it is, compare it with your last export, and
        restore a backup from before.
      </p>
    </Notice>
  );
}
