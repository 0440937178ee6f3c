import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Page } from '../../parts/page.tsx';
import { useShortcuts } from '../../parts/shortcuts.ts';
import { AlertDetail } from './alert-detail.tsx';
import './alerts-page.css';

const route = getRouteApi('/signed-in/alerts/$id');

export function AlertPage() {
  const { id } = route.useParams();
  const navigate = useNavigate();
  useShortcuts({ Escape: () => void navigate({ to: '/alerts' }) });
  return (
    <Page title="Alert" heading={null} trail={<Link to="/alerts">← Alerts</Link>}>
      <AlertDetail id={id} onPage />
    </Page>
  );
}
