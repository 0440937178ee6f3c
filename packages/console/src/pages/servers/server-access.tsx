import { Plus } from 'lucide-react';
import { useState } from 'react';
import { usePages } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Button } from '../../parts/button.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Problem } from '../../parts/problem.tsx';
import { AddGrant } from '../grants/add-grant.tsx';
import { GrantTable } from '../grants/grant-table.tsx';
import type { Server } from './server-status.tsx';

/** Who may use this server. */
export default function ServerAccess({ server }: { readonly server: Server }) {
  const may = useMay();
  const [adding, setAdding] = useState(false);
  const grants = usePages('listGrants', { server: server.id });
  return (
    <div className="stack">
      <div className="row" style={{ justifyContent: 'space-between' }}>
        <p className="soft">
          Admins may use every server. Members use it only when a grant names them, a team or a role of theirs.
        </p>
        {may('grants:write') && (
          <Button icon={Plus} onClick={() => setAdding(true)}>
            Add grant
          </Button>
        )}
      </div>
      {grants.error && !grants.items ? (
        <Problem error={grants.error} onRetry={() => void grants.refetch()} />
      ) : (
        <GrantTable grants={grants.items} without="server" />
      )}
      <MoreButton query={grants} />
      {adding && <AddGrant server={server.id} onClose={() => setAdding(false)} />}
    </div>
  );
}
