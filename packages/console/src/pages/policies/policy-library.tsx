import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useRead } from '../../api/hub.ts';
import { counted } from '../../format.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Problem } from '../../parts/problem.tsx';
import { SkeletonLines } from '../../parts/skeleton.tsx';
import { severityTones } from './mode-tones.ts';

interface PolicyLibraryProps {
  readonly onClose: () => void;
  readonly mayWrite: boolean;
}

/** The policies that come along: each can be read whole, and begun with. */
export function PolicyLibrary({ onClose, mayWrite }: PolicyLibraryProps) {
  const navigate = useNavigate();
  const library = useRead('listPolicyLibrary', {}, { once: true });
  const [shown, setShown] = useState<string | null>(null);
  return (
    <Dialog
      open
      onClose={onClose}
      size="large"
      title="Policy library"
      description="Each comes with its tests. Begin with one, change what you like, and save it as a shadow first."
    >
      {library.error && <Problem error={library.error} onRetry={() => void library.refetch()} />}
      {!library.data && !library.error && <SkeletonLines count={8} label="Loading the library" />}
      <ul className="library">
        {library.data?.items.map(({ name, reason, severity, actions, tests, text }) => (
          <li key={name} className="library-item">
            <div className="library-words">
              <h3 className="row">
                {name} <Badge tone={severityTones[severity]}>{severity}</Badge>
              </h3>
              <p className="soft">{reason}</p>
              <p className="faint">{`${actions.join(', ')} · ${counted(tests, 'test')}`}</p>
            </div>
            <div className="row">
              <Button
                size="small"
                kind="quiet"
                aria-expanded={shown === name}
                aria-label={`Read ${name}`}
                onClick={() => setShown(shown === name ? null : name)}
              >
                Read
              </Button>
              {mayWrite && (
                <Button
                  size="small"
                  aria-label={`Begin with it: ${name}`}
                  onClick={() => void navigate({ to: '/policies/new', search: { from: name } })}
                >
                  Begin with it
                </Button>
              )}
            </div>
            {shown === name && <CodeBlock label={name} text={text} />}
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
