// Tries what can be tried without a person, and says exactly what does not work.
import { RotateCw } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useWrite } from '../../api/hub.ts';
import { StatusDot } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import type { Provider } from './identity-providers-page.tsx';

const tones = { ok: 'ok', warning: 'warn', failed: 'bad' } as const;

export function TestProvider({ provider, onClose }: { readonly provider: Provider; readonly onClose: () => void }) {
  const test = useWrite('testIdentityProvider');
  const { mutate, data, error, isPending } = test;
  const begun = useRef(false);
  useEffect(() => {
    if (!begun.current) mutate({ id: provider.id });
    begun.current = true;
  }, [mutate, provider.id]);
  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title={`Test of ${provider.name}`}
      description="What this hub can try by itself. At last, sign in with it in a private window."
      footer={
        <>
          <Button icon={RotateCw} busy={isPending} onClick={() => mutate({ id: provider.id })}>
            Again
          </Button>
          <Button kind="primary" onClick={onClose}>
            Done
          </Button>
        </>
      }
    >
      {error && <Problem error={error} />}
      {data === undefined ? (
        !error && <SkeletonLines count={6} label="Testing the identity provider" />
      ) : (
        <div className="stack" role="status">
          <Notice
            tone={data.works ? 'info' : 'bad'}
            title={data.works ? 'It works, as far as can be told.' : 'It does not work.'}
          />
          <ol className="test-steps">
            {data.steps.map(({ name, outcome, text, fix }) => (
              <li key={name}>
                <StatusDot tone={tones[outcome]} label={name} />
                <div className="test-text">
                  <p>{text}</p>
                  {fix !== null && <p className="soft">{fix}</p>}
                </div>
              </li>
            ))}
          </ol>
        </div>
      )}
      <p className="soft">To be registered with it:</p>
      <CodeBlock label="Redirect URI" text={provider.redirectUri} />
      <CodeBlock label="Back-channel logout URI" text={provider.logoutUri} />
    </Dialog>
  );
}
