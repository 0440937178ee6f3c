import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useRead } from '../../api/hub.ts';
import { useMay } from '../../api/me.ts';
import { Page } from '../../parts/page.tsx';
import { LinkTabs } from '../../parts/tabs.tsx';
import { AlertFilters } from './alert-filters.tsx';
import { AlertInbox } from './alert-inbox.tsx';
import { alertFilterCount, type AlertSearch, type AlertTab } from './alert-search.ts';
import { RouteList } from './route-list.tsx';
import { ShutAway } from './shut-away.tsx';
import '../messages/filter-bar.css';
import './alerts-page.css';

const route = getRouteApi('/signed-in/alerts');

export function AlertsPage() {
  const search = route.useSearch();
  const { tab = 'inbox' } = search;
  const navigate = useNavigate();
  const may = useMay();
  const counts = useRead('countAlerts', {}).data;
  const change = (next: AlertSearch) => void navigate({ to: '/alerts', search: next, replace: true });
  const link = (label: string, to: AlertTab, count?: number) =>
    ({ label, link: { to: '/alerts', search: { tab: to } }, active: tab === to, count }) as const;
  const tabs = (
    <LinkTabs
      label="Sections of alerts"
      tabs={[
        link('Inbox', 'inbox', counts?.open),
        link('Routes', 'routes'),
        ...(may('policies:read') ? [link('Shut away', 'shut-away')] : []),
      ]}
    />
  );
  if (tab === 'shut-away') {
    return (
      <Page title="Alerts" text="What policies and people have shut away or suspended, and until when.">
        {tabs}
        <ShutAway />
      </Page>
    );
  }
  if (tab === 'routes') {
    return (
      <Page title="Alerts" text="Who is told of alerts and approvals, over which route, and when not.">
        {tabs}
        <RouteList />
      </Page>
    );
  }
  const { tab: _, open: __, ...filters } = search;
  return (
    <Page title="Alerts" filling>
      <div className="alerts-tabs">{tabs}</div>
      <AlertFilters search={search} onChange={change} />
      <AlertInbox key={JSON.stringify([filters, alertFilterCount(search)])} search={search} onChange={change} />
    </Page>
  );
}
