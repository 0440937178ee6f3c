import { Dialog } from '@base-ui/react/dialog';
import { useNavigate } from '@tanstack/react-router';
import { Command } from 'cmdk';
import {
  Building2,
  FileUp,
  Keyboard,
  KeyRound,
  Library,
  LogOut,
  type LucideIcon,
  Moon,
  Plus,
  Server,
  ShieldCheck,
  Sun,
  UserPlus,
  UserRound,
} from 'lucide-react';
import { useState } from 'react';
import { useAll } from '../api/hub.ts';
import { useMay, useRunsHub } from '../api/me.ts';
import { Keys } from '../parts/keys.tsx';
import { isDark, setTheme } from '../theme.ts';
import { useSignOut } from './member-menu.tsx';
import { usePlaces } from './navigation.ts';
import './command-palette.css';

interface Entry {
  readonly id: string;
  readonly label: string;
  readonly detail?: string | undefined;
  readonly icon: LucideIcon;
  readonly shortcut?: string | undefined;
  readonly run: () => unknown;
}

interface CommandPaletteProps {
  readonly onClose: () => void;
  readonly onShortcuts: () => void;
}

/** Everything in reach of a few keys: pages, servers, members, policies, and what can be done. */
export default function CommandPalette({ onClose, onShortcuts }: CommandPaletteProps) {
  const [typed, setTyped] = useState('');
  const groups = useEntries(onShortcuts, typed);
  return (
    <Dialog.Root open onOpenChange={(open) => !open && onClose()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="scrim" />
        <Dialog.Popup className="palette" aria-label="Search">
          <Command label="Search" loop>
            <Command.Input
              className="palette-input"
              placeholder="Search pages, servers, members, policies, actions…"
              value={typed}
              onValueChange={setTyped}
            />
            <Command.List className="palette-list" label="Results">
              <Command.Empty className="palette-empty">Nothing matches “{typed}”.</Command.Empty>
              {groups.map(([title, entries]) => (
                <Command.Group key={title} heading={title} className="palette-group">
                  {entries.map((entry) => (
                    <Command.Item
                      key={entry.id}
                      value={entry.id}
                      keywords={[entry.label, entry.detail ?? '']}
                      className="palette-item"
                      onSelect={() => {
                        onClose();
                        entry.run();
                      }}
                    >
                      <entry.icon size={16} aria-hidden="true" />
                      <span className="clip">{entry.label}</span>
                      {entry.detail && <span className="clip faint">{entry.detail}</span>}
                      {entry.shortcut && <Keys of={entry.shortcut} />}
                    </Command.Item>
                  ))}
                </Command.Group>
              ))}
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function useEntries(onShortcuts: () => void, typed: string): readonly (readonly [string, readonly Entry[]])[] {
  const may = useMay();
  const runsHub = useRunsHub();
  const navigate = useNavigate();
  const signOut = useSignOut();
  // Names are only worth asking for once something is typed.
  const named = typed.trim() !== '';
  const servers = useAll('listServers', {}, { enabled: named }).data ?? [];
  const members = useAll('listMembers', {}, { enabled: named && may('members:read') }).data ?? [];

  const policies = useAll('listDefinitions', {}, { enabled: named && may('policies:read') }).data ?? [];

  const pages = usePlaces().flatMap(({ places }) =>
    places.map(({ to, label, icon, shortcut }) => ({
      id: `page ${to}`,
      label,
      icon,
      shortcut,
      run: () => navigate({ to }),
    })),
  );
  const actions: (Entry | false)[] = [
    may('servers:write') && {
      id: 'add server',
      label: 'Add a server',
      icon: Plus,
      run: () => navigate({ to: '/servers', search: { add: true } }),
    },
    may('members:write') && {
      id: 'invite member',
      label: 'Invite a member',
      icon: UserPlus,
      run: () => navigate({ to: '/members', search: { invite: true } }),
    },
    {
      id: 'make token',
      label: 'Make a personal token',
      icon: KeyRound,
      run: () => navigate({ to: '/tokens', search: { make: true } }),
    },
    may('policies:write') && {
      id: 'add policy',
      label: 'Add a policy',
      icon: Plus,
      run: () => navigate({ to: '/policies/new' }),
    },
    may('policies:read') && {
      id: 'policy library',
      label: 'Browse the policy library',
      icon: Library,
      run: () => navigate({ to: '/policies', search: { open: 'library' } }),
    },
    may('policies:write') && {
      id: 'import policies',
      label: 'Import policies',
      icon: FileUp,
      run: () => navigate({ to: '/policies', search: { open: 'import' } }),
    },
    runsHub && {
      id: 'make organization',
      label: 'Make an organization',
      icon: Building2,
      run: () => navigate({ to: '/organizations', search: { make: true } }),
    },
    {
      id: 'theme dark light',
      label: isDark() ? 'Switch to the light theme' : 'Switch to the dark theme',
      icon: isDark() ? Sun : Moon,
      run: () => setTheme(isDark() ? 'light' : 'dark'),
    },
    { id: 'shortcuts', label: 'Show keyboard shortcuts', icon: Keyboard, shortcut: '?', run: onShortcuts },
    { id: 'sign out', label: 'Sign out', icon: LogOut, run: signOut },
  ];
  const serverEntries = servers.map((server) => ({
    id: `server ${server.id}`,
    label: server.name,
    detail: server.status,
    icon: Server,
    run: () => navigate({ to: '/servers/$id', params: { id: server.id } }),
  }));
  const memberEntries = members.map((member) => ({
    id: `member ${member.id}`,
    label: member.name,
    detail: member.email,
    icon: UserRound,
    run: () => navigate({ to: '/members/$id', params: { id: member.id } }),
  }));
  const policyEntries = policies.map((policy) => ({
    id: `policy ${policy.id}`,
    label: policy.name,
    detail: policy.mode,
    icon: ShieldCheck,
    run: () => navigate({ to: '/policies/$id', params: { id: policy.id } }),
  }));
  const all = [
    ['Pages', pages],
    ['Servers', serverEntries],
    ['Members', memberEntries],
    ['Policies', policyEntries],
    ['Actions', actions.filter((entry) => entry !== false)],
  ] as const;
  return all.filter(([, entries]) => entries.length > 0);
}
