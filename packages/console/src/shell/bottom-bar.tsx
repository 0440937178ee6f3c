import { Link } from '@tanstack/react-router';
import { Menu, Search } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../parts/button.tsx';
import { Drawer } from '../parts/dialog.tsx';
import { FeedState } from './feed-state.tsx';
import { MemberMenu } from './member-menu.tsx';
import { navigation } from './navigation.ts';
import { Brand, NavigationList } from './sidebar.tsx';

/** At phone width the brand and the search stay on top. */
export function TopBar({ onSearch }: { readonly onSearch: () => void }) {
  return (
    <header className="top-bar">
      <Brand />
      <IconButton icon={Search} label="Search" onClick={onSearch} />
    </header>
  );
}

/** At phone width: the pages used most within the thumb's reach, everything else in a drawer. */
export function BottomBar({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const [open, setOpen] = useState(false);
  return (
    <nav className="bottom-bar" aria-label="Main pages">
      {navigation[0]?.places.map((place) => (
        <Link key={place.to} to={place.to} activeOptions={{ exact: place.to === '/' }}>
          <place.icon size={19} aria-hidden="true" />
          {place.label}
        </Link>
      ))}
      <button type="button" aria-expanded={open} onClick={() => setOpen(true)}>
        <Menu size={19} aria-hidden="true" />
        More
      </button>
      <Drawer open={open} onClose={() => setOpen(false)} title="Pages">
        <NavigationList onGo={() => setOpen(false)} />
        <div className="sidebar-foot">
          <FeedState />
          <MemberMenu onShortcuts={onShortcuts} />
        </div>
      </Drawer>
    </nav>
  );
}
