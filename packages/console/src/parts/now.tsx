import { createContext, type ReactNode, use, useEffect, useState } from 'react';

const NowContext = createContext(0);

/** One clock for every relative time on the page: it moves on every fifteen seconds, and only while the page is seen. */
export function NowProvider({ clock, children }: { readonly clock: () => number; readonly children: ReactNode }) {
  const [now, setNow] = useState(clock);
  useEffect(() => {
    const move = () => {
      if (!document.hidden) setNow(clock());
    };
    const timer = setInterval(move, 15_000);
    document.addEventListener('visibilitychange', move);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', move);
    };
  }, [clock]);
  return <NowContext value={now}>{children}</NowContext>;
}

/** Milliseconds since the epoch, a few seconds coarse. */
export function useNow(): number {
  return use(NowContext);
}
