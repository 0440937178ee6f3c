// On the page of a server that wants a sign-in: how it stands, and what the reader can do about it.
import { Plug, Unplug } from 'lucide-react';
import { useRead } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Card, Facts, Section } from '../../parts/page.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { type Connection, connectLabel, ConnectionState } from './connection-state.tsx';
import { useConnectionActions } from './use-connection-actions.ts';

export function ServerConnection({ server }: { readonly server: { readonly id: string } }) {
  const connection = useRead('getConnection', { id: server.id }, { every: 10_000 });
  if (connection.error && !connection.data) return <Problem error={connection.error} />;
  return connection.data ? <Shown connection={connection.data} /> : null;
}

function Shown({ connection }: { readonly connection: Connection }) {
  const { mode, state, reason, mayConnect, wanted, issuer } = connection;
  const actions = useConnectionActions();
  const isShared = mode === 'shared';
  return (
    <Section
      title="Sign-in"
      text={
        isShared
          ? 'Everybody uses one sign-in at this server; admins connect it.'
          : 'You sign in at this server yourself, and nobody else uses your sign-in.'
      }
      actions={
        mayConnect && (
          <>
            {state !== 'missing' && (
              <Button icon={Unplug} size="small" onClick={() => void actions.disconnect(connection)}>
                Disconnect
              </Button>
            )}
            <Button
              icon={Plug}
              size="small"
              kind={state === 'connected' && wanted.length === 0 ? 'plain' : 'primary'}
              busy={actions.isBusy}
              onClick={() => actions.connect(connection)}
            >
              {connectLabel(connection)}
            </Button>
          </>
        )
      }
    >
      {state === 'broken' && (
        <Notice tone="bad" title="This sign-in does not work any more.">
          {reason !== null && <p>{reason}</p>}
        </Notice>
      )}
      {state !== 'broken' && reason !== null && <Notice tone="warn" title={reason} />}
      {wanted.length > 0 && (
        <Notice tone="warn" title="Some of its tools want more than was allowed so far.">
          <p className="soft">{wanted.join(', ')}</p>
        </Notice>
      )}
      <Card>
        <Facts
          items={[
            ['State', <ConnectionState key="state" connection={connection} />],
            issuer === null ? null : ['Signed in at', <code key="issuer">{issuer}</code>],
            state === 'missing'
              ? null
              : ['Allowed', connection.scopes.length === 0 ? 'what the server gives' : connection.scopes.join(', ')],
            connection.expiresAt === null || state === 'broken'
              ? null
              : [
                  connection.renews ? 'Renewed' : 'Ends',
                  <span key="ends">
                    <RelativeTime at={connection.expiresAt} />
                    {connection.renews ? ', by itself' : ''}
                  </span>,
                ],
            connection.connectedAt === null
              ? null
              : ['Since', <RelativeTime key="since" at={connection.connectedAt} />],
          ]}
        />
      </Card>
    </Section>
  );
}
