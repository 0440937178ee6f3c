import { AlertDialog } from '@base-ui/react/alert-dialog';
import { createContext, type ReactNode, use, useCallback, useRef, useState } from 'react';
import { Button } from './button.tsx';
import { Field, Input } from './field.tsx';

export interface Question {
  readonly title: string;
  /** What will happen, and what will not. */
  readonly text: ReactNode;
  /** The verb on the button, e.g. "Retire server". */
  readonly action: string;
  readonly danger?: boolean;
  /** Must be typed before the button works; for what cannot be undone. */
  readonly typed?: string;
}

type Ask = (question: Question) => Promise<boolean>;

const ConfirmContext = createContext<Ask>(() => Promise.resolve(false));

/** `if (await confirm({ … })) …` */
export function useConfirm(): Ask {
  return use(ConfirmContext);
}

export function ConfirmProvider({ children }: { readonly children: ReactNode }) {
  const [question, setQuestion] = useState<Question | null>(null);
  const [open, setOpen] = useState(false);
  const answer = useRef<(yes: boolean) => void>(() => undefined);

  const ask = useCallback<Ask>((next) => {
    setQuestion(next);
    setOpen(true);
    return new Promise((resolve) => {
      answer.current = resolve;
    });
  }, []);

  const settle = (yes: boolean) => {
    setOpen(false);
    answer.current(yes);
  };

  return (
    <ConfirmContext value={ask}>
      {children}
      <AlertDialog.Root open={open} onOpenChange={(next) => !next && settle(false)}>
        <AlertDialog.Portal>
          <AlertDialog.Backdrop className="scrim" />
          <AlertDialog.Viewport className="dialog-place">
            <AlertDialog.Popup className="dialog" data-size="small">
              {question && <Asked key={question.title} question={question} onAnswer={settle} />}
            </AlertDialog.Popup>
          </AlertDialog.Viewport>
        </AlertDialog.Portal>
      </AlertDialog.Root>
    </ConfirmContext>
  );
}

function Asked({ question, onAnswer }: { readonly question: Question; readonly onAnswer: (yes: boolean) => void }) {
  const [typed, setTyped] = useState('');
  const mayGo = question.typed === undefined || typed === question.typed;
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (mayGo) onAnswer(true);
      }}
    >
      <header className="dialog-head">
        <AlertDialog.Title className="dialog-title">{question.title}</AlertDialog.Title>
      </header>
      <div className="dialog-body">
        <AlertDialog.Description className="dialog-text" render={<div />}>
          {question.text}
        </AlertDialog.Description>
        {question.typed !== undefined && (
          <Field label={`Type “${question.typed}” to go on`}>
            {(control) => <Input {...control} mono value={typed} onChange={(event) => setTyped(event.target.value)} />}
          </Field>
        )}
      </div>
      <footer className="dialog-foot">
        <Button onClick={() => onAnswer(false)}>Cancel</Button>
        <Button type="submit" kind={question.danger ? 'danger' : 'primary'} disabled={!mayGo}>
          {question.action}
        </Button>
      </footer>
    </form>
  );
}
