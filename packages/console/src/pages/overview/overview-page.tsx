import { Link } from '@tanstack/react-router';
import { Plus } from 'lucide-react';
import { type Output, useRead } from '../../api/hub.ts';
import { useMay, useMe } from '../../api/me.ts';
import { buttonLook } from '../../parts/button.tsx';
import { Card, Page, Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { FirstSteps } from './first-steps.tsx';
import { HourlyBars } from './hourly-bars.tsx';
import { LatestMessages } from './latest-messages.tsx';
import { Notices } from './notices.tsx';
import { Numbers } from './numbers.tsx';
import { TopServers } from './top-servers.tsx';
import './overview-page.css';

export type Overview = Output<'getOverview'>;

export function OverviewPage() {
  const overview = useRead('getOverview', {}, { every: 15_000 });
  const me = useMe();
  const may = useMay();
  const { data } = overview;

  return (
    <Page
      title="Overview"
      text={me && `How ${me.organization.name} stands, over the last 24 hours.`}
      actions={
        may('servers:write') && (
          <Link to="/servers" search={{ add: true }} {...buttonLook()}>
            <Plus size={15} aria-hidden="true" /> Add server
          </Link>
        )
      }
    >
      {overview.error && !data && <Problem error={overview.error} onRetry={() => void overview.refetch()} />}
      {!data && !overview.error && <SkeletonLines count={8} label="Loading the overview" />}
      {data && (
        <>
          <Notices notices={data.notices} />
          <FirstSteps overview={data} />
          <Numbers overview={data} />
          <div className="overview-columns">
            <Section title="Messages per hour">
              <Card>
                <HourlyBars hourly={data.hourly} />
              </Card>
            </Section>
            <Section title="Busiest servers">
              <TopServers servers={data.topServers} />
            </Section>
          </div>
          <LatestMessages />
        </>
      )}
    </Page>
  );
}
