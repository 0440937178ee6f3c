// Builds the console's objects and draws it. The only place that touches the browser's clock, storage and randomness.
import { ApiError, createClient } from '@mcpvault/contract/client';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createQueryClient, HubContext } from './api/hub.ts';
import { createLive } from './live/live.ts';
import { ConfirmProvider } from './parts/confirm.tsx';
import { NowProvider } from './parts/now.tsx';
import { Toasts } from './parts/toast.tsx';
import { TooltipProvider } from './parts/tooltip.tsx';
import { createConsoleRouter } from './router.tsx';
import { createSession, type SessionMessage } from './session/session.ts';
import { applyTheme } from './theme.ts';
import './parts/tokens.css';

applyTheme();

const now = () => Date.now();
const tabs = new BroadcastChannel('mcpvault.session');

const anyone = createClient({ baseUrl: '' });
const session = createSession({
  storage: localStorage,
  now,
  exclusively: (task) => navigator.locks.request('mcpvault.refresh', task),
  broadcast: (message) => tabs.postMessage(message),
  async refresh(refreshToken) {
    try {
      return await anyone.call('refresh', { refreshToken });
    } catch (error) {
      // Only a clear no ends the sign-in; a hub that is away or busy does not.
      if (error instanceof ApiError && (error.status === 400 || error.status === 401)) return 'ended';
      throw error;
    }
  },
});
tabs.addEventListener('message', (event: MessageEvent<SessionMessage>) => session.hear(event.data));

let sent: string | null = null;
const client = createClient({
  baseUrl: '',
  async accessToken() {
    sent = await session.accessToken();
    return sent;
  },
  onUnauthorized: () => session.renew(sent),
});

const live = createLive({
  url: `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/api/v1/live`,
  accessToken: (refused) =>
    refused === null ? session.accessToken() : session.renew(refused).then(session.accessToken),
  open: (url) => new WebSocket(url),
  after: (milliseconds, task) => {
    const timer = setTimeout(task, milliseconds);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
});
// The token is exchanged before it expires, also while nothing is clicked, so that the feed never breaks off.
let exchange: ReturnType<typeof setTimeout> | undefined;
session.onToken((token, exchangeAt) => {
  live.greet(token);
  clearTimeout(exchange);
  exchange = setTimeout(() => void session.accessToken().catch(() => undefined), exchangeAt - now() + 50);
});
window.addEventListener('online', () => live.retry());

const hub = { client, session, live };
const queries = createQueryClient();
const router = createConsoleRouter({ hub, queries });

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <StrictMode>
    <HubContext value={hub}>
      <QueryClientProvider client={queries}>
        <NowProvider clock={now}>
          <TooltipProvider delay={500}>
            <ConfirmProvider>
              <RouterProvider router={router} />
              <Toasts />
            </ConfirmProvider>
          </TooltipProvider>
        </NowProvider>
      </QueryClientProvider>
    </HubContext>
  </StrictMode>,
);
