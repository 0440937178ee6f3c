// Ends a sign-in that nobody uses: while a page is open it renews its tokens by itself, so only the page knows whether
// somebody is there. What any tab notices counts for all.
import { useEffect, useRef } from 'react';

const lookEverySeconds = 10;
const signsOfLife = ['pointerdown', 'keydown', 'wheel', 'touchstart'] as const;

/** `seconds`: null where the organization sets no such limit. */
export function useIdleEnd(seconds: number | null | undefined, end: () => void): void {
  const latest = useRef(end);
  useEffect(() => {
    latest.current = end;
  });
  useEffect(() => {
    if (seconds == null) return undefined;
    let idle = 0;
    const others = new BroadcastChannel('mcpvault.activity');
    const notice = () => {
      if (idle > 0) others.postMessage('here');
      idle = 0;
    };
    others.addEventListener('message', () => {
      idle = 0;
    });
    for (const sign of signsOfLife) window.addEventListener(sign, notice, { passive: true });
    const timer = setInterval(() => {
      idle += lookEverySeconds;
      if (idle >= seconds) latest.current();
    }, lookEverySeconds * 1000);
    return () => {
      clearInterval(timer);
      others.close();
      for (const sign of signsOfLife) window.removeEventListener(sign, notice);
    };
  }, [seconds]);
}
