import {
  Activity,
  BellRing,
  Bot,
  Building2,
  ClipboardCheck,
  Fingerprint,
  KeyRound,
  LayoutDashboard,
  MonitorCheck,
  type LucideIcon,
  Gauge,
  Handshake,
  IdCard,
  RefreshCw,
  ScanSearch,
  ScrollText,
  Server,
  ShieldCheck,
  UserRound,
  CircleUserRound,
  UsersRound,
} from 'lucide-react';
import { useMay, useRunsHub } from '../api/me.ts';

export interface Place {
  readonly to:
    | '/'
    | '/messages'
    | '/servers'
    | '/members'
    | '/teams'
    | '/service-accounts'
    | '/provisioning'
    | '/roles'
    | '/grants'
    | '/identity-providers'
    | '/limits'
    | '/approvals'
    | '/policies'
    | '/alerts'
    | '/detectors'
    | '/workstations'
    | '/audit'
    | '/organizations'
    | '/tokens'
    | '/account';
  readonly label: string;
  readonly icon: LucideIcon;
  /** Who may see it; left out: everyone. */
  readonly permission?: string;
  /** Only for those who run the hub for all its organizations. */
  readonly runsHub?: true;
  readonly shortcut: string;
}

export interface PlaceGroup {
  readonly label: string | null;
  readonly places: readonly Place[];
}

/** The one list behind the sidebar, the bottom bar, the command palette and the shortcuts. */
export const navigation: readonly PlaceGroup[] = [
  {
    label: null,
    places: [
      { to: '/', label: 'Overview', icon: LayoutDashboard, shortcut: 'g o' },
      { to: '/messages', label: 'Messages', icon: Activity, shortcut: 'g m' },
      { to: '/servers', label: 'Servers', icon: Server, shortcut: 'g s' },
    ],
  },
  {
    label: 'Access',
    places: [
      { to: '/members', label: 'Members', icon: UserRound, permission: 'members:read', shortcut: 'g e' },
      { to: '/teams', label: 'Teams', icon: UsersRound, permission: 'members:read', shortcut: 'g t' },
      { to: '/service-accounts', label: 'Service accounts', icon: Bot, shortcut: 'g c' },
      { to: '/roles', label: 'Roles', icon: IdCard, permission: 'members:read', shortcut: 'g l' },
      { to: '/grants', label: 'Grants', icon: Handshake, permission: 'grants:read', shortcut: 'g r' },
      {
        to: '/identity-providers',
        label: 'Identity providers',
        icon: Fingerprint,
        permission: 'members:read',
        shortcut: 'g y',
      },
      { to: '/limits', label: 'Limits', icon: Gauge, permission: 'limits:read', shortcut: 'g b' },
    ],
  },
  {
    label: 'Governance',
    places: [
      { to: '/approvals', label: 'Approvals', icon: ClipboardCheck, shortcut: 'g v' },
      { to: '/alerts', label: 'Alerts', icon: BellRing, permission: 'alerts:read', shortcut: 'g n' },
      { to: '/policies', label: 'Policies', icon: ShieldCheck, permission: 'policies:read', shortcut: 'g p' },
      {
        to: '/provisioning',
        label: 'Provisioning',
        icon: RefreshCw,
        permission: 'provisioning:write',
        shortcut: 'g i',
      },
      { to: '/workstations', label: 'Workstations', icon: MonitorCheck, shortcut: 'g w' },
      { to: '/detectors', label: 'Detectors', icon: ScanSearch, permission: 'policies:read', shortcut: 'g d' },
      { to: '/audit', label: 'Audit', icon: ScrollText, permission: 'audit:read', shortcut: 'g a' },
    ],
  },
  {
    label: 'You',
    places: [
      { to: '/tokens', label: 'Tokens', icon: KeyRound, shortcut: 'g k' },
      { to: '/account', label: 'Account', icon: CircleUserRound, shortcut: 'g u' },
    ],
  },
  {
    label: 'This hub',
    places: [{ to: '/organizations', label: 'Organizations', icon: Building2, runsHub: true, shortcut: 'g h' }],
  },
];

/** What of it is for the member who is signed in. */
export function usePlaces(): readonly PlaceGroup[] {
  const may = useMay();
  const runsHub = useRunsHub();
  const isOpen = (place: Place) =>
    (place.permission === undefined || may(place.permission)) && (place.runsHub === undefined || runsHub);
  return navigation
    .map((group) => ({ ...group, places: group.places.filter(isOpen) }))
    .filter((group) => group.places.length > 0);
}
