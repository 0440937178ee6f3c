import { useNavigate } from '@tanstack/react-router';
import { ChevronsUpDown, CircleUserRound, Keyboard, LogOut, Monitor, Moon, Sun } from 'lucide-react';
import { useHub } from '../api/hub.ts';
import { useMe } from '../api/me.ts';
import { Menu } from '../parts/menu.tsx';
import { setTheme, useTheme } from '../theme.ts';

export function MemberMenu({ onShortcuts }: { readonly onShortcuts: () => void }) {
  const me = useMe();
  const signOut = useSignOut();
  const navigate = useNavigate();
  const theme = useTheme();
  const nextTheme = { system: 'light', light: 'dark', dark: 'system' } as const;
  const themeIcon = { system: Monitor, light: Sun, dark: Moon };
  return (
    <Menu
      side="top"
      trigger={
        <button type="button" className="who">
          <span className="avatar" aria-hidden="true">
            {initials(me?.member.name ?? '')}
          </span>
          <span className="who-names">
            <span className="clip">{me?.member.name ?? 'Loading'}</span>
            <span className="clip faint">{me?.member.email}</span>
          </span>
          <ChevronsUpDown size={14} aria-hidden="true" />
        </button>
      }
      actions={[
        { label: 'Account', icon: CircleUserRound, onSelect: () => void navigate({ to: '/account' }) },
        { label: `Theme: ${theme}`, icon: themeIcon[theme], onSelect: () => setTheme(nextTheme[theme]) },
        { label: 'Keyboard shortcuts', icon: Keyboard, onSelect: onShortcuts },
        null,
        { label: 'Sign out', icon: LogOut, onSelect: () => void signOut() },
      ]}
    />
  );
}

/** Tells the hub, then forgets the tokens here, also when the hub cannot be told. */
export function useSignOut(): () => Promise<void> {
  const { client, session } = useHub();
  return async () => {
    await client.call('logout', {}).catch(() => undefined);
    session.end();
  };
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.[0]?.toUpperCase() ?? '').join('');
}
