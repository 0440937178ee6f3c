import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { usePages } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Button } from '../../parts/button.tsx';
import { MoreButton } from '../../parts/more-button.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { Segments } from '../../parts/tabs.tsx';
import { MakeToken } from './make-token.tsx';
import { TokenTable } from './token-table.tsx';

const route = getRouteApi('/signed-in/tokens');

export function TokensPage() {
  const { make, of } = route.useSearch();
  const navigate = useNavigate();
  const may = useMay();
  const all = of === 'all' && may('members:read');
  const tokens = usePages('listTokens', all ? { member: 'all' } : {});
  const show = (search: { make?: boolean; of?: string }) => void navigate({ to: '/tokens', search, replace: true });
  return (
    <Page
      title="Tokens"
      text="Personal tokens with which clients sign in. Only a fingerprint of each is kept; revoking one holds from the next request on."
      actions={
        <Button kind="primary" icon={Plus} onClick={() => show({ of, make: true })}>
          Make token
        </Button>
      }
    >
      {may('members:read') && (
        <div>
          <Segments
            label="Whose tokens"
            value={all ? 'all' : 'mine'}
            onChange={(next) => show({ of: next === 'all' ? 'all' : undefined })}
            options={[
              { value: 'mine', label: 'Mine' },
              { value: 'all', label: 'Everyone’s' },
            ]}
          />
        </div>
      )}
      {tokens.error && !tokens.items ? (
        <Problem error={tokens.error} onRetry={() => void tokens.refetch()} />
      ) : (
        <TokenTable tokens={tokens.items} {...(all ? {} : { without: 'owner' as const })} />
      )}
      <MoreButton query={tokens} />
      {make && <MakeToken onClose={() => show({ of })} />}
    </Page>
  );
}
