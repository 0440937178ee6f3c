import { useQueryClient } from '@tanstack/react-query';
import { Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useHub, useRead } from '../api/hub.ts';
import { Button } from '../parts/button.tsx';
import { ErrorBoundary } from '../parts/error-boundary.tsx';
import { Problem } from '../parts/problem.tsx';
import { type Shortcuts, useShortcuts } from '../parts/shortcuts.ts';
import { useIdleEnd } from '../session/use-idle-end.ts';
import { useLiveReading } from '../live/use-live.ts';
import { ActingBanner } from './acting.tsx';
import { BottomBar, TopBar } from './bottom-bar.tsx';
import { useSignOut } from './member-menu.tsx';
import { usePlaces } from './navigation.ts';
import { Sidebar } from './sidebar.tsx';
import './shell.css';

const loadPalette = () => import('./command-palette.tsx');
const CommandPalette = lazy(loadPalette);
const ShortcutSheet = lazy(() => import('./shortcut-sheet.tsx'));

/** The frame around every page of someone who is signed in. */
export function Shell() {
  const me = useRead('me', {});
  const { session, live } = useHub();
  const queries = useQueryClient();
  const navigate = useNavigate();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const href = useRouterState({ select: (state) => state.location.href });
  const [palette, setPalette] = useState(false);
  const [sheet, setSheet] = useState(false);

  useLiveReading();
  const signOut = useSignOut();
  useIdleEnd(me.data?.signIn?.idleSeconds, () => void signOut());
  useEffect(() => {
    live.start();
    return () => live.stop();
  }, [live]);

  // What is typed right after opening it must not be lost to loading it.
  useEffect(() => {
    const timer = setTimeout(() => void loadPalette().catch(() => undefined), 1000);
    return () => clearTimeout(timer);
  }, []);

  useEffect(
    () =>
      session.onChange(() => {
        if (session.isKept()) return;
        live.stop();
        queries.clear();
        void navigate({ to: '/sign-in', search: { next: href } });
      }),
    [session, live, queries, navigate, href],
  );

  // Nothing else is open until then.
  const mustEnrol = me.data !== undefined && me.data.secondFactor.isRequired && !me.data.secondFactor.isSetUp;
  useEffect(() => {
    if (mustEnrol && path !== '/account') void navigate({ to: '/account', replace: true });
  }, [mustEnrol, path, navigate]);

  const goTo = Object.fromEntries(
    usePlaces().flatMap(({ places }) => places.map(({ shortcut, to }) => [shortcut, () => void navigate({ to })])),
  );
  const shortcuts: Shortcuts = {
    ...goTo,
    'mod+k': () => setPalette(!palette),
    '?': () => setSheet(true),
    '/': () => document.querySelector<HTMLElement>('[data-search]')?.focus(),
  };
  useShortcuts(shortcuts);

  if (me.error && !me.data) {
    return (
      <main className="shell-problem">
        <Problem error={me.error} title="The hub could not be asked who you are" onRetry={() => void me.refetch()} />
        <Button kind="quiet" onClick={() => session.end()}>
          Sign in again
        </Button>
      </main>
    );
  }

  return (
    <div className="shell">
      <a className="skip-link" href="#content">
        Skip to the content
      </a>
      <Sidebar onSearch={() => setPalette(true)} onShortcuts={() => setSheet(true)} />
      <TopBar onSearch={() => setPalette(true)} />
      <main id="content" className="shell-main" tabIndex={-1}>
        <ActingBanner />
        <ErrorBoundary at={path}>
          <Outlet />
        </ErrorBoundary>
      </main>
      <BottomBar onShortcuts={() => setSheet(true)} />
      <Suspense>
        {palette && <CommandPalette onClose={() => setPalette(false)} onShortcuts={() => setSheet(true)} />}
        {sheet && <ShortcutSheet onClose={() => setSheet(false)} />}
      </Suspense>
    </div>
  );
}
