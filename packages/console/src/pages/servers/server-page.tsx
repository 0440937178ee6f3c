import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Ellipsis, Plug } from 'lucide-react';
import { lazy, Suspense, useState } from 'react';
import { useRead } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Button, IconButton } from '../../parts/button.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Menu } from '../../parts/menu.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Page } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { LinkTabs } from '../../parts/tabs.tsx';
import { ServerConnection } from '../connections/server-connection.tsx';
import { ConnectClient } from '../start/connect-client.tsx';
import type { ServerTab } from './server-tabs.ts';
import { type Server, ServerStatus } from './server-status.tsx';
import { useServerActions } from './use-server-actions.ts';
import './server-page.css';

const ServerTools = lazy(() => import('./server-tools.tsx'));
const ServerTraffic = lazy(() => import('./server-traffic.tsx'));
const ServerAccess = lazy(() => import('./server-access.tsx'));
const ServerSettings = lazy(() => import('./server-settings.tsx'));
const ServerLogs = lazy(() => import('./server-logs.tsx'));

const route = getRouteApi('/signed-in/servers/$id');

export function ServerPage() {
  const { id } = route.useParams();
  const { tab = 'tools' } = route.useSearch();
  const server = useRead('getServer', { id }, { every: 10_000 });
  if (server.error && !server.data) {
    return (
      <Page title="Server" trail={<Link to="/servers">Servers</Link>}>
        <Problem error={server.error} onRetry={() => void server.refetch()} />
      </Page>
    );
  }
  if (!server.data) {
    return (
      <Page title="Server" trail={<Link to="/servers">Servers</Link>}>
        <SkeletonLines count={6} label="Loading the server" />
      </Page>
    );
  }
  return <Shown server={server.data} tab={tab} />;
}

function Shown({ server, tab }: { readonly server: Server; readonly tab: ServerTab }) {
  const may = useMay();
  const [connecting, setConnecting] = useState(false);
  const tabs: readonly (readonly [ServerTab, string, boolean])[] = [
    ['tools', 'Tools', true],
    ['traffic', 'Traffic', true],
    ['access', 'Access', may('grants:read')],
    ['settings', 'Settings', may('servers:write')],
    ['logs', 'Logs', may('servers:write')],
  ];
  return (
    <Page
      title={server.name}
      trail={<Link to="/servers">Servers</Link>}
      heading={
        <>
          {server.name}
          <span className="server-state">
            <ServerStatus server={server} />
          </span>
        </>
      }
      text={
        <span className="server-endpoint">
          <code>{server.endpoint}</code>
          <CopyButton text={server.endpoint} label="Copy endpoint" />
        </span>
      }
      actions={
        <>
          <Button icon={Plug} onClick={() => setConnecting(true)}>
            Connect a client
          </Button>
          {may('servers:write') && <ServerMenu server={server} />}
        </>
      }
    >
      <Trouble server={server} />
      {server.auth !== 'none' && <ServerConnection server={server} />}
      <LinkTabs
        label={`Sections of ${server.name}`}
        tabs={tabs
          .filter(([, , shown]) => shown)
          .map(([key, label]) => ({
            label,
            active: tab === key,
            count: key === 'tools' ? server.tools : undefined,
            link: { to: '/servers/$id', params: { id: server.id }, search: { tab: key } },
          }))}
      />
      <Suspense fallback={<SkeletonLines count={5} />}>
        {tab === 'tools' && <ServerTools server={server} />}
        {tab === 'traffic' && <ServerTraffic server={server} />}
        {tab === 'access' && <ServerAccess server={server} />}
        {tab === 'settings' && may('servers:write') && <ServerSettings key={server.version} server={server} />}
        {tab === 'logs' && may('servers:write') && <ServerLogs server={server} />}
      </Suspense>
      <Dialog
        open={connecting}
        onClose={() => setConnecting(false)}
        size="large"
        title={`Connect a client to ${server.name}`}
        description="This address is this one server, every name untouched. The merged endpoint on the overview leads to all of them."
      >
        <ConnectClient name={server.name} url={server.endpoint} />
      </Dialog>
    </Page>
  );
}

function Trouble({ server }: { readonly server: Server }) {
  const may = useMay();
  const actions = useServerActions();
  if (server.status === 'disabled') {
    return (
      <Notice
        title="This server is disabled: nobody can use it."
        actions={
          may('servers:write') && (
            <Button size="small" onClick={() => void actions.setEnabled(server, true)}>
              Enable
            </Button>
          )
        }
      />
    );
  }
  if (server.status !== 'unavailable') return null;
  return (
    <Notice
      tone="bad"
      title={server.reason ?? 'The server did not answer.'}
      actions={
        may('servers:write') && (
          <Button size="small" busy={actions.isBusy} onClick={() => void actions.check(server)}>
            Check again
          </Button>
        )
      }
    >
      {server.fix && <p>{server.fix}</p>}
      <p className="soft">
        Checked <RelativeTime at={server.checkedAt} />. It is tried again by itself, less and less often.
      </p>
    </Notice>
  );
}

function ServerMenu({ server }: { readonly server: Server }) {
  const actions = useServerActions();
  const navigate = useNavigate();
  const retire = async () => {
    if (await actions.retire(server)) void navigate({ to: '/servers' });
  };
  return (
    <Menu
      trigger={<IconButton kind="plain" icon={Ellipsis} label="More actions" />}
      actions={[
        { label: 'Check now', disabled: !server.enabled, onSelect: () => void actions.check(server) },
        { label: 'Restart', disabled: !server.enabled, onSelect: () => void actions.restart(server) },
        {
          label: server.enabled ? 'Disable' : 'Enable',
          onSelect: () => void actions.setEnabled(server, !server.enabled),
        },
        null,
        { label: 'Retire…', danger: true, onSelect: () => void retire() },
      ]}
    />
  );
}
