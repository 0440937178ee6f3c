import { useCallback, useMemo, useReducer } from 'react';
import { usePages } from '../../api/hub.ts';
import { useLiveEvents } from '../../live/use-live.ts';
import { listInput, type Message, type MessageSearch, matches } from './message-search.ts';
import { arrive, emptyTail, joined, pause, resume, skip, type Tail } from './message-tail.ts';

type Step =
  | { readonly type: 'arrived'; readonly messages: readonly Message[] }
  | { readonly type: 'skipped'; readonly count: number }
  | { readonly type: 'pause' }
  | { readonly type: 'resume' }
  | { readonly type: 'caught-up' };

function after(tail: Tail, step: Step): Tail {
  switch (step.type) {
    case 'arrived':
      return arrive(tail, step.messages);
    case 'skipped':
      return skip(tail, step.count);
    case 'pause':
      return pause(tail);
    case 'resume':
      return resume(tail);
    case 'caught-up':
      return { ...tail, skipped: 0 };
  }
}

/** The list for one set of filters; a new set begins a new list (give the component that uses this a key). */
export function useMessageTail(search: MessageSearch) {
  const [tail, step] = useReducer(after, emptyTail);
  const input = useMemo(() => listInput(search), [search]);
  const pages = usePages('listMessages', { ...input, limit: 100 });
  const { hasNextPage, isFetchingNextPage, fetchNextPage, refetch } = pages;

  useLiveEvents((event) => {
    if (event.type === 'skipped') step({ type: 'skipped', count: event.count });
    if (event.type !== 'messages') return;
    const fitting = event.items.filter((message) => matches(search, message));
    if (fitting.length > 0) step({ type: 'arrived', messages: fitting });
  });

  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, fetchNextPage]);

  const catchUp = useCallback(async () => {
    await refetch();
    step({ type: 'caught-up' });
  }, [refetch]);

  const messages = useMemo(() => joined(tail.shown, pages.items ?? []), [tail.shown, pages.items]);
  return {
    messages,
    isLoading: pages.isLoading,
    error: pages.items ? null : pages.error,
    isComplete: pages.items !== undefined && !hasNextPage,
    paused: tail.paused,
    waiting: tail.aside.length,
    skipped: tail.skipped,
    more,
    catchUp,
    retry: () => void refetch(),
    setPaused: useCallback((paused: boolean) => step({ type: paused ? 'pause' : 'resume' }), []),
  };
}
