import { useEffect, useRef } from 'react';

/**
 * Keys to actions. A key is `j`, `?`, `Escape`, `mod+k` (Ctrl, or Cmd on a Mac) or a sequence such as `g m`. Single keys
 * keep silent while the reader types into a field or a dialog is open; `mod` combinations always work.
 */
export type Shortcuts = Readonly<Record<string, () => void>>;

const sequencePause = 900;

export function useShortcuts(shortcuts: Shortcuts, active = true): void {
  const current = useRef(shortcuts);
  useEffect(() => {
    current.current = shortcuts;
  });

  useEffect(() => {
    if (!active) return undefined;
    let before: { key: string; at: number } | null = null;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat === undefined) return;
      const mod = event.ctrlKey || event.metaKey;
      if (event.altKey || (!mod && isTyping(event.composedPath()[0] ?? event.target))) return;
      const key = mod ? `mod+${event.key.toLowerCase()}` : event.key;
      const sequence = before && event.timeStamp - before.at < sequencePause ? `${before.key} ${key}` : null;
      const act = (sequence === null ? undefined : current.current[sequence]) ?? current.current[key];
      before = { key, at: event.timeStamp };
      if (!act) return;
      event.preventDefault();
      act();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [active]);
}

/** Of an event within a shadow root, the target is what really has the focus, not the element around the root. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.closest('[role="dialog"], [role="alertdialog"], [role="menu"]')) return true;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement || target.isContentEditable;
}
