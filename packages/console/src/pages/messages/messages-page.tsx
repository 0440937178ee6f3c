import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { Page } from '../../parts/page.tsx';
import { FilterBar } from './filter-bar.tsx';
import { MessageList } from './message-list.tsx';
import type { MessageSearch } from './message-search.ts';
import './messages-page.css';

const route = getRouteApi('/signed-in/messages');

export function MessagesPage() {
  const [aside, setAside] = useState<HTMLElement | null>(null);
  const search = route.useSearch();
  const navigate = useNavigate();
  const { open, ...filters } = search;
  const change = (next: MessageSearch) => void navigate({ to: '/messages', search: next, replace: true });
  return (
    <Page title="Messages" filling actions={<div ref={setAside} className="tail-place" />}>
      <FilterBar search={search} onChange={change} />
      <MessageList
        key={JSON.stringify(filters)}
        filters={filters}
        aside={aside}
        open={open ?? null}
        onOpen={(id) => change({ ...filters, open: id ?? undefined })}
        onClear={() => change({})}
      />
    </Page>
  );
}
