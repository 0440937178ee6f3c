import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { CircleHelp, Plus, X } from 'lucide-react';
import { useState } from 'react';
import { usePages } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Button } from '../../parts/button.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { AddGrant } from './add-grant.tsx';
import { CheckAccess } from './check-access.tsx';
import { GrantTable } from './grant-table.tsx';

const route = getRouteApi('/signed-in/grants');

export function GrantsPage() {
  const { add, server, member } = route.useSearch();
  const navigate = useNavigate();
  const may = useMay();
  const [isChecking, setChecking] = useState(false);
  const filtered = server !== undefined || member !== undefined;
  const grants = usePages('listGrants', {
    ...(server === undefined ? {} : { server }),
    ...(member === undefined ? {} : { member: member as `mem_${string}` }),
  });
  const show = (search: { add?: boolean }) =>
    void navigate({ to: '/grants', search: { server, member, ...search }, replace: true });
  return (
    <Page
      title="Grants"
      text="Who may use which server, and which of its tools. Admins may use all of them without a grant."
      actions={
        <>
          <Button icon={CircleHelp} onClick={() => setChecking(true)}>
            Check access
          </Button>
          {may('grants:write') && (
            <Button kind="primary" icon={Plus} onClick={() => show({ add: true })}>
              Add grant
            </Button>
          )}
        </>
      }
    >
      {filtered && (
        <div>
          <Button size="small" icon={X} onClick={() => void navigate({ to: '/grants', search: {}, replace: true })}>
            Show all grants
          </Button>
        </div>
      )}
      {grants.error && !grants.items ? (
        <Problem error={grants.error} onRetry={() => void grants.refetch()} />
      ) : (
        <GrantTable grants={grants.items} />
      )}
      <MoreButton query={grants} />
      {isChecking && <CheckAccess onClose={() => setChecking(false)} />}
      {add && may('grants:write') && <AddGrant server={server} member={member} onClose={() => show({})} />}
    </Page>
  );
}
