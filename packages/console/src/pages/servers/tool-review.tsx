import { useWrite } from '../../api/hub.ts';
import { Badge } from '../../parts/badge.tsx';
import { Button } from '../../parts/button.tsx';
import { Notice } from '../../parts/notice.tsx';
import { sentenceOf } from '../../parts/problem.tsx';
import { say, warn } from '../../parts/toast.tsx';
import type { Server } from './server-status.tsx';
import type { Tool } from './tool-hints.tsx';
import './tool-review.css';

type Review = NonNullable<Tool['review']>;

const words: Readonly<Record<Exclude<Review['state'], 'approved'>, string>> = {
  new: 'new',
  changed: 'changed',
  rejected: 'rejected',
};

/** Nothing for tools that are as they were approved. */
export function ReviewBadge({ tool }: { readonly tool: Tool }) {
  const state = tool.review?.state ?? 'approved';
  if (state === 'approved') return null;
  return <Badge tone={state === 'rejected' ? 'bad' : 'warn'}>{words[state]}</Badge>;
}

const titles: Readonly<Record<keyof typeof words, string>> = {
  new: 'This tool came after the server was added, and nobody has looked at it yet.',
  changed: 'The server describes this tool differently than what was approved.',
  rejected: 'What the server says of this tool was rejected, so nobody can use it.',
};

/** What is different about a tool, and the way to approve or reject it. */
export function ToolReview({ server, tool }: { readonly server: Server; readonly tool: Tool }) {
  const write = useWrite('reviewTool');
  const { review } = tool;
  if (review === undefined || review.state === 'approved') return null;
  const decide = (verdict: 'approved' | 'rejected') =>
    write
      .mutateAsync({ id: server.id, tool: tool.name, fingerprint: review.fingerprint, verdict })
      .then(() => say(`${tool.name} is ${verdict}`))
      .catch((error: unknown) => warn(`${tool.name} could not be ${verdict}`, sentenceOf(error)));
  return (
    <section className="tool-review stack" aria-label="Review of its definition">
      <Notice
        tone={review.state === 'rejected' ? 'bad' : 'warn'}
        title={titles[review.state]}
        actions={
          <>
            <Button size="small" disabled={write.isPending} onClick={() => void decide('approved')}>
              Approve
            </Button>
            {review.state !== 'rejected' && (
              <Button size="small" kind="danger" disabled={write.isPending} onClick={() => void decide('rejected')}>
                Reject
              </Button>
            )}
          </>
        }
      />
      {review.changes.length > 0 && (
        <dl className="tool-changes">
          {review.changes.map(({ pointer, before, after }) => (
            <div key={pointer}>
              <dt className="mono">{pointer === '' ? 'the whole definition' : pointer}</dt>
              {before !== null && (
                <dd>
                  <del>{before}</del>
                </dd>
              )}
              {after !== null && (
                <dd>
                  <ins>{after}</ins>
                </dd>
              )}
            </div>
          ))}
        </dl>
      )}
    </section>
  );
}
