import { X } from 'lucide-react';
import { useState } from 'react';
import { IconButton } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import type { Overview } from './overview-page.tsx';

const key = 'mcpvault.notices.dismissed';

function dismissed(): readonly string[] {
  return (localStorage.getItem(key) ?? '').split(' ').filter(Boolean);
}

/** Things an operator should know, until they say that they do. Kept in this browser. */
export function Notices({ notices }: { readonly notices: Overview['notices'] }) {
  const [known, setKnown] = useState(dismissed);
  const dismiss = (code: string) => {
    const next = [...known, code];
    localStorage.setItem(key, next.join(' '));
    setKnown(next);
  };
  return notices
    .filter((notice) => !known.includes(notice.code))
    .map((notice) => (
      <Notice
        key={notice.code}
        tone="warn"
        title={notice.text}
        actions={<IconButton icon={X} size="small" label="I know; hide this" onClick={() => dismiss(notice.code)} />}
      >
        {notice.fix && <p className="soft">{notice.fix}</p>}
      </Notice>
    ));
}
