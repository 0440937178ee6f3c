import { ApiError } from '@mcpvault/contract/client';
import { RotateCw } from 'lucide-react';
import { Button } from './button.tsx';
import { Notice } from './notice.tsx';

interface ProblemProps {
  readonly error: unknown;
  /** What did not work: "The servers could not be read". */
  readonly title?: string;
  readonly onRetry?: () => void;
}

/** What the hub said, the fix it knows, and the id under which it can be found in the log. */
export function Problem({ error, title, onRetry }: ProblemProps) {
  const known = error instanceof ApiError ? error : null;
  return (
    <Notice
      tone="bad"
      title={title ?? sentenceOf(error)}
      urgent
      actions={
        onRetry && (
          <Button size="small" icon={RotateCw} onClick={onRetry}>
            Try again
          </Button>
        )
      }
    >
      {title && <p>{sentenceOf(error)}</p>}
      {known?.issues
        .filter((issue) => !known.detail.includes(issue.message))
        .map((issue) => (
          <p key={`${issue.path} ${issue.message}`}>
            {issue.path !== '' && (
              <>
                <code>{issue.path}</code>:{' '}
              </>
            )}
            {issue.message}
          </p>
        ))}
      {known?.fix && <p className="soft">{known.fix}</p>}
      {known?.requestId && (
        <p className="faint">
          Request <code>{known.requestId}</code>
        </p>
      )}
    </Notice>
  );
}

/** The failure in one sentence, for a toast. */
export function sentenceOf(error: unknown): string {
  if (error instanceof ApiError) return error.detail;
  return error instanceof Error && error.message !== '' ? error.message : 'Something went wrong in the console.';
}
