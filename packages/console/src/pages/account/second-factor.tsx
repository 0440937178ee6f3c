// Setting up an authenticator app, step by step, and giving it up.
import { Smartphone } from 'lucide-react';
import { useState } from 'react';
import { renderSVG } from 'uqr';
import { type Output, useWrite } from '../../api/hub.ts';
import { useMe } from '../../api/me.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { CodeField } from '../../parts/code-field.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Section } from '../../parts/page.tsx';
import { Problem } from '../../parts/problem.tsx';
import { say } from '../../parts/toast.tsx';
import { RecoveryCodes } from './recovery-codes.tsx';
import './second-factor.css';

export function SecondFactor() {
  const factor = useMe()?.secondFactor;
  const start = useWrite('startSecondFactor');
  const [removing, setRemoving] = useState(false);
  if (factor === undefined) return null;
  return (
    <Section
      title="Authenticator app"
      text="A second factor: its code is asked for when you sign in with your password."
    >
      {factor.isRequired && !factor.isSetUp && (
        <Notice tone="warn" title="Your organization demands a second factor">
          <p>Until you have set one up, an app or a passkey, nothing else is open to you.</p>
        </Notice>
      )}
      {start.error && <Problem error={start.error} />}
      <div className="row">
        {factor.hasAuthenticator ? (
          <>
            <Badge tone="ok">Set up</Badge>
            <Button onClick={() => setRemoving(true)}>Remove</Button>
          </>
        ) : (
          <Button kind="primary" icon={Smartphone} busy={start.isPending} onClick={() => start.mutate({})}>
            Set up an authenticator
          </Button>
        )}
        {factor.isSetUp && <span className="soft">{factor.recoveryCodesLeft} recovery codes left</span>}
      </div>
      {start.data && <Enrol begun={start.data} onClose={() => start.reset()} />}
      {removing && <Remove onClose={() => setRemoving(false)} />}
    </Section>
  );
}

interface EnrolProps {
  readonly begun: Output<'startSecondFactor'>;
  readonly onClose: () => void;
}

function Enrol({ begun, onClose }: EnrolProps) {
  const confirm = useWrite('confirmSecondFactor', 'auth');
  const [code, setCode] = useState('');
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recoveryCodes} onClose={onClose} />;
  return (
    <Dialog
      open
      onClose={onClose}
      title="Set up an authenticator"
      description="Scan this with the app, then type the code that it shows."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form="enrol" busy={confirm.isPending} disabled={code.trim().length < 6}>
            Confirm
          </Button>
        </>
      }
    >
      <form
        id="enrol"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          confirm.mutate({ code });
        }}
      >
        {confirm.error && <Problem error={confirm.error} />}
        <img className="enrol-code" alt="QR code for the authenticator app" src={pictureOf(begun.uri)} />
        <details>
          <summary>It cannot be scanned?</summary>
          <p className="soft">Add an account by hand, with this secret:</p>
          <CodeBlock text={begun.secret} label="Secret" />
        </details>
        <CodeField value={code} onChange={setCode} />
      </form>
    </Dialog>
  );
}

function Remove({ onClose }: { readonly onClose: () => void }) {
  const remove = useWrite('removeSecondFactor', 'auth');
  const [code, setCode] = useState('');
  return (
    <Dialog
      open
      onClose={onClose}
      title="Remove your second factor?"
      description="From then on your password alone signs you in."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" type="submit" form="remove-factor" busy={remove.isPending}>
            Remove
          </Button>
        </>
      }
    >
      <form
        id="remove-factor"
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          remove.mutate(
            { code },
            {
              onSuccess: () => {
                say('Your second factor is removed');
                onClose();
              },
            },
          );
        }}
      >
        {remove.error && <Problem error={remove.error} />}
        <CodeField value={code} onChange={setCode} />
      </form>
    </Dialog>
  );
}

/** A data URL: the page's policy lets pictures in, but no inline markup of others. */
function pictureOf(uri: string): string {
  return `data:image/svg+xml,${encodeURIComponent(renderSVG(uri, { border: 2 }))}`;
}
