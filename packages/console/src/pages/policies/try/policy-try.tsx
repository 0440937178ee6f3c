import { useState } from 'react';
import { Notice } from '../../../parts/notice.tsx';
import { Segments } from '../../../parts/tabs.tsx';
import type { PolicyDraft } from '../use-policy-draft.ts';
import { TryRecorded } from './try-recorded.tsx';
import { TryWritten } from './try-written.tsx';

interface PolicyTryProps {
  readonly draft: PolicyDraft;
  /** A recorded message to begin with. */
  readonly message: string | null;
}

/** One message judged by what is written, before anything is saved. */
export function PolicyTry({ draft, message }: PolicyTryProps) {
  const [source, setSource] = useState<'written' | 'recorded'>(message === null ? 'written' : 'recorded');
  return (
    <div className="policy-try">
      <Segments
        label="The message is"
        value={source}
        options={[
          { value: 'written', label: 'Written or pasted' },
          { value: 'recorded', label: 'From the record' },
        ]}
        onChange={setSource}
      />
      {draft.draft === null && (
        <Notice tone="warn" title="The policy has something to mend first">
          <p>What is wrong stands under Edit.</p>
        </Notice>
      )}
      {source === 'written' ? <TryWritten draft={draft} /> : <TryRecorded draft={draft} message={message} />}
    </div>
  );
}
