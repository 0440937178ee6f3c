import { Link } from '@tanstack/react-router';
import { Maximize2, X } from 'lucide-react';
import { buttonLook, IconButton } from '../../parts/button.tsx';
import { Tooltip } from '../../parts/tooltip.tsx';
import { MessageView } from './message-view.tsx';
import './message-panel.css';

/** One message beside the list. The list keeps the focus, so that j and k go on. */
export function MessagePanel({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  return (
    <aside className="message-panel" aria-label="Message" key={id}>
      <div className="message-panel-bar">
        <Tooltip text="Open on its own page" shortcut="o">
          <Link
            to="/messages/$id"
            params={{ id }}
            aria-label="Open on its own page"
            {...buttonLook({ kind: 'quiet', size: 'small' })}
            data-icon-only=""
          >
            <Maximize2 size={15} aria-hidden="true" />
          </Link>
        </Tooltip>
        <IconButton icon={X} label="Close" shortcut="esc" size="small" onClick={onClose} />
      </div>
      <MessageView id={id} />
    </aside>
  );
}
