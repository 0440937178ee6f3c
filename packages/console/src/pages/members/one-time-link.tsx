import { CodeBlock } from '../../parts/code-block.tsx';
import { Notice } from '../../parts/notice.tsx';
import { RelativeTime } from '../../parts/relative-time.tsx';

interface OneTimeLinkProps {
  readonly link: { readonly url: string; readonly expiresAt: string };
  readonly name: string;
}

/** A link to hand over; the hub cannot show it a second time. */
export function OneTimeLink({ link, name }: OneTimeLinkProps) {
  return (
    <>
      <Notice tone="warn" title="Copy this link now: it is not shown again.">
        <p className="soft">
          Hand it to {name} in a safe way. It works once, and stops working <RelativeTime at={link.expiresAt} />.
        </p>
      </Notice>
      <CodeBlock label="One-time link" text={link.url} />
    </>
  );
}
