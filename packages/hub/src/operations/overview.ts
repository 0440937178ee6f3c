import { permits } from '@mcpvault/domain/identity/permission';
import { overview } from '@mcpvault/store/overview-view';
import { handles } from './handler.ts';
import { rfc3339 } from './times.ts';

export const getOverview = handles('getOverview', async (_, { stores, services, caller, now }) => {
  const mine = { member: caller.member, servers: services.catalog.granted(caller) };
  const found = await overview(
    stores.executor,
    caller.organization,
    now,
    permits(caller, 'messages:read-any') ? {} : mine,
  );
  const { firstSteps, servers, lastDay, topServers, hourly } = found;
  return {
    firstSteps,
    endpoint: `${services.url}/mcp`,
    servers,
    lastDay,
    topServers: [...topServers],
    hourly: hourly.map(({ at, ...counts }) => ({ at: rfc3339(at), ...counts })),
    notices: permits(caller, 'hub:read') ? [...services.notices()] : [],
  };
});
