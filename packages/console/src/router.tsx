// Every address of the console, with what it carries. Pages arrive when they are first asked for.
import type { QueryClient } from '@tanstack/react-query';
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  Outlet,
  redirect,
} from '@tanstack/react-router';
import type { Hub } from './api/hub.ts';
import { parseAlertSearch } from './pages/alerts/alert-search.ts';
import { type AuditTab, auditTabs } from './pages/audit/audit-tabs.ts';
import { parseMessageSearch } from './pages/messages/message-search.ts';
import { type PoliciesSearch, parsePoliciesSearch } from './pages/policies/policy-filters.ts';
import { parsePolicySearch } from './pages/policies/policy-tabs.ts';
import { NotFound } from './pages/not-found.tsx';
import { type ServerTab, serverTabs } from './pages/servers/server-tabs.ts';
import { PageBroke } from './parts/error-boundary.tsx';
import { SkeletonLines } from './parts/skeleton.tsx';
import { Shell } from './shell/shell.tsx';

interface Context {
  readonly hub: Hub;
  readonly queries: QueryClient;
}

type Raw = Readonly<Record<string, unknown>>;

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const flag = (value: unknown) => (value === true || value === 'true' || value === 1 ? true : undefined);

const root = createRootRouteWithContext<Context>()({ component: Outlet, notFoundComponent: NotFound });

const signedOut = (path: '/setup' | '/welcome' | '/invite') =>
  createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(() => import('./pages/sign-in/link-page.tsx'), 'LinkPage'),
  });

const signIn = createRoute({
  getParentRoute: () => root,
  path: '/sign-in',
  validateSearch: (raw: Raw): { next?: string } => {
    // Only an address of this console; anything else would lead the reader away after signing in.
    const next = text(raw['next']);
    return next?.startsWith('/') && !next.startsWith('//') && !next.startsWith('/\\') ? { next } : {};
  },
  component: lazyRouteComponent(() => import('./pages/sign-in/sign-in-page.tsx'), 'SignInPage'),
});

const signInCallback = createRoute({
  getParentRoute: () => root,
  path: '/sign-in/callback/$provider',
  component: lazyRouteComponent(() => import('./pages/sign-in/callback-page.tsx'), 'CallbackPage'),
});

const signedIn = createRoute({
  getParentRoute: () => root,
  id: 'signed-in',
  beforeLoad: ({ context, location }) => {
    if (!context.hub.session.isKept()) throw redirect({ to: '/sign-in', search: { next: location.href } });
  },
  component: Shell,
});

/** Signed in, but without the frame: one question, and back to where it came from. */
const asked = createRoute({
  getParentRoute: () => root,
  id: 'asked',
  beforeLoad: ({ context, location }) => {
    if (!context.hub.session.isKept()) throw redirect({ to: '/sign-in', search: { next: location.href } });
  },
  component: Outlet,
});

const authorize = createRoute({
  getParentRoute: () => asked,
  path: '/authorize/$request',
  component: lazyRouteComponent(() => import('./pages/connect/authorize-page.tsx'), 'AuthorizePage'),
});

const device = createRoute({
  getParentRoute: () => asked,
  path: '/device',
  validateSearch: (raw: Raw): { user_code?: string } => ({ user_code: text(raw['user_code']) }),
  component: lazyRouteComponent(() => import('./pages/connect/device-page.tsx'), 'DevicePage'),
});

const overview = createRoute({
  getParentRoute: () => signedIn,
  path: '/',
  component: lazyRouteComponent(() => import('./pages/overview/overview-page.tsx'), 'OverviewPage'),
});

const messages = createRoute({
  getParentRoute: () => signedIn,
  path: '/messages',
  validateSearch: parseMessageSearch,
  component: lazyRouteComponent(() => import('./pages/messages/messages-page.tsx'), 'MessagesPage'),
});

const message = createRoute({
  getParentRoute: () => signedIn,
  path: '/messages/$id',
  component: lazyRouteComponent(() => import('./pages/messages/message-page.tsx'), 'MessagePage'),
});

const conversation = createRoute({
  getParentRoute: () => signedIn,
  path: '/messages/$id/conversation',
  validateSearch: (raw: Raw): { at?: string } => ({ at: text(raw['at']) }),
  component: lazyRouteComponent(() => import('./pages/messages/conversation-page.tsx'), 'ConversationPage'),
});

const servers = createRoute({
  getParentRoute: () => signedIn,
  path: '/servers',
  validateSearch: (raw: Raw): { q?: string; status?: string; add?: boolean } => ({
    q: text(raw['q']),
    status: text(raw['status']),
    add: flag(raw['add']),
  }),
  component: lazyRouteComponent(() => import('./pages/servers/servers-page.tsx'), 'ServersPage'),
});

const server = createRoute({
  getParentRoute: () => signedIn,
  path: '/servers/$id',
  validateSearch: (raw: Raw): { tab?: ServerTab; tool?: string } => ({
    tab: serverTabs.find((tab) => tab === raw['tab']),
    tool: text(raw['tool']),
  }),
  component: lazyRouteComponent(() => import('./pages/servers/server-page.tsx'), 'ServerPage'),
});

const members = createRoute({
  getParentRoute: () => signedIn,
  path: '/members',
  validateSearch: (raw: Raw): { q?: string; invite?: boolean } => ({ q: text(raw['q']), invite: flag(raw['invite']) }),
  component: lazyRouteComponent(() => import('./pages/members/members-page.tsx'), 'MembersPage'),
});

const member = createRoute({
  getParentRoute: () => signedIn,
  path: '/members/$id',
  component: lazyRouteComponent(() => import('./pages/members/member-page.tsx'), 'MemberPage'),
});

const teams = createRoute({
  getParentRoute: () => signedIn,
  path: '/teams',
  component: lazyRouteComponent(() => import('./pages/members/teams-page.tsx'), 'TeamsPage'),
});

const serviceAccounts = createRoute({
  getParentRoute: () => signedIn,
  path: '/service-accounts',
  component: lazyRouteComponent(
    () => import('./pages/service-accounts/service-accounts-page.tsx'),
    'ServiceAccountsPage',
  ),
});

const provisioning = createRoute({
  getParentRoute: () => signedIn,
  path: '/provisioning',
  component: lazyRouteComponent(() => import('./pages/provisioning/provisioning-page.tsx'), 'ProvisioningPage'),
});

const roles = createRoute({
  getParentRoute: () => signedIn,
  path: '/roles',
  component: lazyRouteComponent(() => import('./pages/roles/roles-page.tsx'), 'RolesPage'),
});

const grants = createRoute({
  getParentRoute: () => signedIn,
  path: '/grants',
  validateSearch: (raw: Raw): { server?: string; member?: string; add?: boolean } => ({
    server: text(raw['server']),
    member: text(raw['member']),
    add: flag(raw['add']),
  }),
  component: lazyRouteComponent(() => import('./pages/grants/grants-page.tsx'), 'GrantsPage'),
});

const limits = createRoute({
  getParentRoute: () => signedIn,
  path: '/limits',
  component: lazyRouteComponent(() => import('./pages/limits/limits-page.tsx'), 'LimitsPage'),
});

const organizations = createRoute({
  getParentRoute: () => signedIn,
  path: '/organizations',
  validateSearch: (raw: Raw): { make?: boolean } => ({ make: flag(raw['make']) }),
  component: lazyRouteComponent(() => import('./pages/organizations/organizations-page.tsx'), 'OrganizationsPage'),
});

const approvals = createRoute({
  getParentRoute: () => signedIn,
  path: '/approvals',
  validateSearch: (raw: Raw): { show?: 'all' } => (raw['show'] === 'all' ? { show: 'all' } : {}),
  component: lazyRouteComponent(() => import('./pages/approvals/approvals-page.tsx'), 'ApprovalsPage'),
});

const approval = createRoute({
  getParentRoute: () => signedIn,
  path: '/approvals/$id',
  validateSearch: (raw: Raw): { show?: 'all' } => (raw['show'] === 'all' ? { show: 'all' } : {}),
  component: lazyRouteComponent(() => import('./pages/approvals/approvals-page.tsx'), 'ApprovalsPage'),
});

const policies = createRoute({
  getParentRoute: () => signedIn,
  path: '/policies',
  validateSearch: (raw: Raw): PoliciesSearch & { edit?: string } => ({
    ...parsePoliciesSearch(raw),
    edit: text(raw['edit']),
  }),
  // Addresses that were written down before each policy had its own.
  beforeLoad: ({ search: { edit } }) => {
    if (edit === undefined) return;
    throw edit === 'new'
      ? redirect({ to: '/policies/new', replace: true })
      : redirect({ to: '/policies/$id', params: { id: edit }, replace: true });
  },
  component: lazyRouteComponent(() => import('./pages/policies/policies-page.tsx'), 'PoliciesPage'),
});

const alerts = createRoute({
  getParentRoute: () => signedIn,
  path: '/alerts',
  validateSearch: parseAlertSearch,
  component: lazyRouteComponent(() => import('./pages/alerts/alerts-page.tsx'), 'AlertsPage'),
});

const alert = createRoute({
  getParentRoute: () => signedIn,
  path: '/alerts/$id',
  component: lazyRouteComponent(() => import('./pages/alerts/alert-page.tsx'), 'AlertPage'),
});

const newPolicy = createRoute({
  getParentRoute: () => signedIn,
  path: '/policies/new',
  validateSearch: parsePolicySearch,
  component: lazyRouteComponent(() => import('./pages/policies/policy-page.tsx'), 'NewPolicyPage'),
});

const policy = createRoute({
  getParentRoute: () => signedIn,
  path: '/policies/$id',
  validateSearch: parsePolicySearch,
  component: lazyRouteComponent(() => import('./pages/policies/policy-page.tsx'), 'PolicyPage'),
});

const detectors = createRoute({
  getParentRoute: () => signedIn,
  path: '/detectors',
  component: lazyRouteComponent(() => import('./pages/detectors/detectors-page.tsx'), 'DetectorsPage'),
});

const tokens = createRoute({
  getParentRoute: () => signedIn,
  path: '/tokens',
  validateSearch: (raw: Raw): { make?: boolean; of?: string } => ({ make: flag(raw['make']), of: text(raw['of']) }),
  component: lazyRouteComponent(() => import('./pages/tokens/tokens-page.tsx'), 'TokensPage'),
});

const identityProviders = createRoute({
  getParentRoute: () => signedIn,
  path: '/identity-providers',
  component: lazyRouteComponent(
    () => import('./pages/identity-providers/identity-providers-page.tsx'),
    'IdentityProvidersPage',
  ),
});

const audit = createRoute({
  getParentRoute: () => signedIn,
  path: '/audit',
  validateSearch: (raw: Raw): { tab?: AuditTab; action?: string; actor?: string; server?: string } => ({
    tab: auditTabs.find((tab) => tab === raw['tab']),
    action: text(raw['action']),
    actor: text(raw['actor']),
    server: text(raw['server']),
  }),
  component: lazyRouteComponent(() => import('./pages/audit/audit-page.tsx'), 'AuditPage'),
});

const account = createRoute({
  getParentRoute: () => signedIn,
  path: '/account',
  component: lazyRouteComponent(() => import('./pages/account/account-page.tsx'), 'AccountPage'),
});

const connect = createRoute({
  getParentRoute: () => signedIn,
  path: '/connect/$name',
  component: lazyRouteComponent(() => import('./pages/connections/connect-page.tsx'), 'ConnectPage'),
});

const connected = createRoute({
  getParentRoute: () => signedIn,
  path: '/connections/callback',
  component: lazyRouteComponent(() => import('./pages/connections/callback-page.tsx'), 'CallbackPage'),
});

const workstations = createRoute({
  getParentRoute: () => signedIn,
  path: '/workstations',
  component: lazyRouteComponent(() => import('./pages/workstations/workstations-page.tsx'), 'WorkstationsPage'),
});

const workstation = createRoute({
  getParentRoute: () => signedIn,
  path: '/workstations/$id',
  component: lazyRouteComponent(() => import('./pages/workstations/workstation-page.tsx'), 'WorkstationPage'),
});

const elsewhere = createRoute({ getParentRoute: () => signedIn, path: '$', component: NotFound });

const routes = root.addChildren([
  signedOut('/setup'),
  signedOut('/invite'),
  signedOut('/welcome'),
  signIn,
  signInCallback,
  asked.addChildren([authorize, device]),
  signedIn.addChildren([
    overview,
    messages,
    message,
    conversation,
    servers,
    server,
    members,
    member,
    teams,
    serviceAccounts,
    provisioning,
    roles,
    grants,
    limits,
    organizations,
    approvals,
    approval,
    policies,
    alerts,
    alert,
    newPolicy,
    policy,
    detectors,
    workstations,
    workstation,
    tokens,
    identityProviders,
    audit,
    account,
    connect,
    connected,
    elsewhere,
  ]),
]);

export function createConsoleRouter(context: Context) {
  return createRouter({
    routeTree: routes,
    context,
    defaultPreload: 'intent',
    // What a page shows is read by its queries, not by the router.
    defaultPreloadStaleTime: 0,
    defaultPendingComponent: () => (
      <div className="page">
        <SkeletonLines count={5} label="Loading the page" />
      </div>
    ),
    defaultPendingMs: 250,
    defaultErrorComponent: ({ error, reset }) => <PageBroke error={error} onRetry={reset} />,
    defaultNotFoundComponent: NotFound,
    parseSearch: parseAddress,
    stringifySearch: addressOf,
  });
}

/** Plain `name=value` pairs: addresses that people can read, write and share. */
function parseAddress(search: string): Record<string, string> {
  return Object.fromEntries(new URLSearchParams(search));
}

function addressOf(search: Raw): string {
  const pairs = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
  const query = new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
  return query === '' ? '' : `?${query}`;
}

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof createConsoleRouter>;
  }
}
