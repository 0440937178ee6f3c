import { Toast as Base } from '@base-ui/react/toast';
import { CircleAlert, CircleCheck, X } from 'lucide-react';
import { IconButton } from './button.tsx';
import './toast.css';

interface Note {
  readonly text: string;
  readonly detail?: string | undefined;
  readonly undo?: () => void;
}

const manager = Base.createToastManager();

/** Something was done; with `undo`, it can be taken back for a while. */
export function say(text: string, options: Omit<Note, 'text'> = {}): void {
  const { undo, detail } = options;
  const id = manager.add({
    type: 'done',
    title: text,
    description: detail,
    timeout: undo ? 9000 : 4500,
    actionProps: undo && {
      children: 'Undo',
      onClick: () => {
        manager.close(id);
        undo();
      },
    },
  });
}

/** Something did not work: announced at once, and stays until read. */
export function warn(text: string, detail?: string): void {
  manager.add({ type: 'failed', title: text, description: detail, timeout: 0, priority: 'high' });
}

export function Toasts() {
  return (
    <Base.Provider toastManager={manager}>
      <Base.Portal>
        <Base.Viewport className="toasts">
          <Shown />
        </Base.Viewport>
      </Base.Portal>
    </Base.Provider>
  );
}

function Shown() {
  const { toasts } = Base.useToastManager();
  return toasts.map((toast) => (
    <Base.Root key={toast.id} toast={toast} className="toast">
      {toast.type === 'failed' ? (
        <CircleAlert size={17} aria-hidden="true" />
      ) : (
        <CircleCheck size={17} aria-hidden="true" />
      )}
      <div className="toast-text">
        <Base.Title className="toast-title" render={<p />} />
        <Base.Description className="toast-detail" />
      </div>
      <Base.Action className="button" data-kind="plain" data-size="small" />
      <Base.Close render={<IconButton icon={X} label="Dismiss" size="small" />} />
    </Base.Root>
  ));
}
