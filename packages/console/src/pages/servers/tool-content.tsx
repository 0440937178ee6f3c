import { JsonView } from '../../parts/json/json-view.tsx';
import type { ToolResult } from './use-tool-call.ts';

type Block = ToolResult['content'][number];

/** The content of an answer as people read it. Links are shown, never fetched. */
export function ToolContent({ result }: { readonly result: ToolResult }) {
  const { content, structured } = result;
  return (
    <div className="try-content">
      {content.map((block, index) => (
        // Blocks have no identity but their place.
        // oxlint-disable-next-line react/no-array-index-key
        <ContentBlock key={index} block={block} />
      ))}
      {structured !== undefined && (
        <div className="card">
          <JsonView label="Structured content" text={JSON.stringify(structured)} />
        </div>
      )}
      {content.length === 0 && structured === undefined && <p className="soft">The answer has no content.</p>}
    </div>
  );
}

function ContentBlock({ block }: { readonly block: Block }) {
  const text = (name: string) => (typeof block[name] === 'string' ? block[name] : '');
  switch (block['type']) {
    case 'text':
      return <TextBlock text={text('text')} />;
    case 'image':
      return <img src={`data:${text('mimeType')};base64,${text('data')}`} alt="Part of the answer" />;
    case 'resource_link':
      return (
        <p className="try-text">
          {text('title') || text('name')} <code className="faint">{text('uri')}</code>
        </p>
      );
    case 'resource': {
      const resource = (block['resource'] ?? {}) as Readonly<Record<string, unknown>>;
      return typeof resource['text'] === 'string' ? <TextBlock text={resource['text']} /> : <Json value={block} />;
    }
    default:
      return <Json value={block} />;
  }
}

/** Text that is JSON is laid out as JSON. */
function TextBlock({ text }: { readonly text: string }) {
  if (/^\s*[[{]/.test(text) && isJson(text)) {
    return (
      <div className="card">
        <JsonView label="Text, as JSON" text={text} />
      </div>
    );
  }
  return <p className="try-text">{text}</p>;
}

function Json({ value }: { readonly value: unknown }) {
  return (
    <div className="card">
      <JsonView label="Content" text={JSON.stringify(value)} />
    </div>
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
