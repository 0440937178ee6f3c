import { type Ref, useImperativeHandle, useMemo, useRef, useState } from 'react';
import { byteSize } from '../../format.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { JsonView, type JsonViewHandle } from '../../parts/json/json-view.tsx';
import { Segments } from '../../parts/tabs.tsx';
import { type Mark, spansOf } from './marks.ts';
import type { OpenMessage } from './message-view.tsx';
import './message-body.css';

interface MessageBodyProps {
  readonly Heading: 'h2' | 'h3';
  readonly title: string;
  /** From whom to whom it travelled. */
  readonly path: readonly [string, string];
  readonly body: OpenMessage['request'];
  readonly marks: readonly Mark[];
  readonly bytes: number | null;
  /** Said when there is no body. */
  readonly nothing: string;
  /** `show` takes the number of a mark. */
  readonly ref: Ref<JsonViewHandle>;
}

type View = 'original' | 'delivered';

export function MessageBody({ Heading, title, path, body, marks, bytes, nothing, ref }: MessageBodyProps) {
  const hasOriginal = body?.original !== null && body?.original !== undefined;
  const [chosen, setView] = useState<View>('original');
  const view = hasOriginal ? chosen : 'delivered';
  const json = useRef<JsonViewHandle>(null);
  const spans = useMemo(() => spansOf(marks, view), [marks, view]);
  useImperativeHandle(ref, () => ({
    show: (number) => json.current?.show(spans.findIndex((span) => span.number === number)),
  }));
  const text = view === 'original' ? body?.original : body?.delivered;
  const changed = (body?.edits.length ?? 0) > 0;

  return (
    <section className="body" aria-label={title}>
      <header className="body-head">
        <Heading>{title}</Heading>
        {body && (
          <Segments
            label={`${title}: which form`}
            value={view}
            onChange={setView}
            options={[
              { value: 'original', label: 'Original', disabled: !hasOriginal },
              { value: 'delivered', label: 'Delivered' },
            ]}
          />
        )}
        <span className="body-space" />
        {bytes !== null && <span className="faint num">{byteSize(bytes)}</span>}
        {text !== undefined && text !== null && (
          <CopyButton text={text} label={`Copy the ${title.toLowerCase()}, ${view}`} />
        )}
      </header>
      {body && text !== undefined && text !== null ? (
        <>
          <p className="body-caption faint">
            {!changed
              ? `Passed unchanged from the ${path[0]} to the ${path[1]}.`
              : view === 'original'
                ? `As it came from the ${path[0]}.`
                : `As it went to the ${path[1]}.`}
            {!hasOriginal && changed && ' Originals are for those who may read them.'}
          </p>
          <JsonView ref={json} label={`${title}, ${view}`} text={text} spans={spans} />
        </>
      ) : (
        <p className="body-nothing soft">{nothing}</p>
      )}
    </section>
  );
}
