import { Link } from '@tanstack/react-router';
import { Search } from 'lucide-react';
import { useMe } from '../api/me.ts';
import { Keys } from '../parts/keys.tsx';
import { Mark } from '../parts/mark.tsx';
import { FeedState } from './feed-state.tsx';
import { MemberMenu } from './member-menu.tsx';
import { usePlaces } from './navigation.ts';
import { WaitingCount } from './waiting-count.tsx';

interface SidebarProps {
  readonly onSearch: () => void;
  readonly onShortcuts: () => void;
}

export function Sidebar({ onSearch, onShortcuts }: SidebarProps) {
  return (
    <header className="sidebar">
      <Brand />
      <button type="button" className="search-button" onClick={onSearch}>
        <Search size={15} aria-hidden="true" />
        Search
        <Keys of="mod+k" />
      </button>
      <NavigationList />
      <div className="sidebar-foot">
        <FeedState />
        <MemberMenu onShortcuts={onShortcuts} />
      </div>
    </header>
  );
}

export function Brand() {
  const me = useMe();
  return (
    <Link to="/" className="brand">
      <Mark size={28} />
      <span className="brand-names">
        <span className="brand-product">MCPVault</span>
        <span className="brand-organization clip">{me?.organization.name ?? '\u00a0'}</span>
      </span>
    </Link>
  );
}

/** `onGo` is told when a place was chosen: the drawer closes. */
export function NavigationList({ onGo }: { readonly onGo?: () => void }) {
  return (
    <nav className="nav" aria-label="Pages">
      {usePlaces().map((group) => (
        <div key={group.label ?? ''} className="nav-group">
          {group.label && <h2>{group.label}</h2>}
          <ul>
            {group.places.map((place) => (
              <li key={place.to}>
                <Link to={place.to} className="nav-link" activeOptions={{ exact: place.to === '/' }} onClick={onGo}>
                  <place.icon size={16} aria-hidden="true" />
                  {place.label}
                  {place.to === '/approvals' && <WaitingCount />}
                </Link>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
