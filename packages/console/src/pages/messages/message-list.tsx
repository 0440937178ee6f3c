import { useNavigate } from '@tanstack/react-router';
import { Pause, Play, Radio } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { count, counted } from '../../format.ts';
import { useLiveState } from '../../live/use-live.ts';
import { Button } from '../../parts/button.tsx';
import { EmptyState } from '../../parts/empty-state.tsx';
import { Problem } from '../../parts/problem.tsx';
import { useShortcuts } from '../../parts/shortcuts.ts';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { useMedia } from '../../parts/use-media.ts';
import { VirtualList, type VirtualListHandle } from '../../parts/virtual-list.tsx';
import { MessagePanel } from './message-panel.tsx';
import { MessageCells, messageHeads } from './message-row.tsx';
import { filterCount, type Message, type MessageSearch } from './message-search.ts';
import { useMessageTail } from './use-message-tail.ts';

interface MessageListProps {
  readonly filters: MessageSearch;
  /** Where the state of the tail is shown: beside the page's title. */
  readonly aside: HTMLElement | null;
  /** Id of the message shown beside the list. */
  readonly open: string | null;
  readonly onOpen: (id: string | null) => void;
  readonly onClear: () => void;
}

const idOf = (message: Message) => message.id;

/** The live list with the open message beside it; on a phone, messages open on their own page. */
export function MessageList({ filters, aside, open, onOpen, onClear }: MessageListProps) {
  const tail = useMessageTail(filters);
  const { messages, paused, setPaused } = tail;
  const navigate = useNavigate();
  const isPhone = useMedia('(width < 800px)');
  const list = useRef<VirtualListHandle>(null);
  const [selected, setSelected] = useState(open);

  const openMessage = useCallback(
    (message: Message) => {
      if (isPhone) void navigate({ to: '/messages/$id', params: { id: message.id } });
      else onOpen(message.id);
    },
    [isPhone, navigate, onOpen],
  );
  const select = (message: Message) => {
    setSelected(message.id);
    if (open !== null && !isPhone) onOpen(message.id);
  };
  const move = (by: number) => {
    const at = messages.findIndex((message) => message.id === selected);
    const to = Math.max(0, Math.min(messages.length - 1, at + by));
    const message = messages[to];
    if (!message) return;
    select(message);
    list.current?.scrollToIndex(to);
  };
  const current = messages.find((message) => message.id === selected);

  useShortcuts({
    j: () => move(1),
    k: () => move(-1),
    p: () => setPaused(!paused),
    Enter: () => current && openMessage(current),
    o: () => current && void navigate({ to: '/messages/$id', params: { id: current.id } }),
    Escape: () => {
      onOpen(null);
      list.current?.focus();
    },
  });

  return (
    <>
      {aside && createPortal(<TailState tail={tail} />, aside)}
      <div className="messages-split">
        {tail.isLoading && (
          <div className="messages-wait">
            <SkeletonLines count={10} label="Loading messages" />
          </div>
        )}
        {tail.error !== null && (
          <div className="messages-wait">
            <Problem error={tail.error} title="The messages could not be read" onRetry={tail.retry} />
          </div>
        )}
        {!tail.isLoading && tail.error === null && messages.length === 0 && (
          <NothingYet filtered={filterCount(filters) > 0} onClear={onClear} />
        )}
        {messages.length > 0 && (
          <VirtualList
            ref={list}
            className="message-rows"
            label="Messages, newest first"
            items={messages}
            itemKey={idOf}
            rowHeight={isPhone ? 58 : 36}
            head={messageHeads}
            row={(message) => <MessageCells message={message} />}
            selected={selected}
            onSelect={select}
            onOpen={openMessage}
            onEnd={tail.more}
            total={tail.isComplete ? messages.length : -1}
            footer={
              tail.isComplete ? `That is all: ${counted(messages.length, 'message')}.` : 'Loading older messages…'
            }
          />
        )}
        {open !== null && !isPhone && <MessagePanel id={open} onClose={() => onOpen(null)} />}
      </div>
    </>
  );
}

function TailState({ tail }: { readonly tail: ReturnType<typeof useMessageTail> }) {
  const { paused, waiting, skipped, setPaused } = tail;
  const isLive = useLiveState() === 'live';
  return (
    <div className="tail-state">
      <span className="soft tail-words">
        <span className="tail-beat" data-live={(isLive && !paused) || undefined} aria-hidden="true" />
        {paused ? 'Paused; new messages are counted.' : isLive ? 'Live' : 'Not live; the list may be behind.'}
      </span>
      {skipped > 0 && (
        <span className="soft tail-words">
          {counted(skipped, 'message')} came too fast to show.
          <Button size="small" kind="quiet" onClick={() => void tail.catchUp()}>
            Load them
          </Button>
        </span>
      )}
      <Button
        size="small"
        kind={paused && waiting > 0 ? 'primary' : 'plain'}
        icon={paused ? Play : Pause}
        aria-keyshortcuts="p"
        onClick={() => setPaused(!paused)}
      >
        {paused ? (waiting > 0 ? `Show ${count(waiting)} new` : 'Resume') : 'Pause'}
      </Button>
    </div>
  );
}

function NothingYet({ filtered, onClear }: { readonly filtered: boolean; readonly onClear: () => void }) {
  return (
    <div className="messages-wait">
      {filtered ? (
        <EmptyState
          icon={Radio}
          title="No message fits these filters"
          text="The list stays live: what fits appears here at once."
          action={<Button onClick={onClear}>Clear the filters</Button>}
        />
      ) : (
        <EmptyState
          icon={Radio}
          title="Waiting for the first message"
          text="Every call that goes through MCPVault appears here the moment it happens, with what was redacted and why."
          command="mcpvault tools call everything echo --arg message=hello"
        />
      )}
    </div>
  );
}
