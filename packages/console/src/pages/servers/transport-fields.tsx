import { Field, Input } from '../../parts/field.tsx';
import { Segments } from '../../parts/tabs.tsx';
import { AuthField } from './auth-field.tsx';
import { PairsEditor } from './pairs-editor.tsx';
import { type RemoteType, remoteTypes, type TransportDraft, transportProblem, wordsOf } from './transport-draft.ts';
import './transport-fields.css';

interface TransportFieldsProps {
  readonly draft: TransportDraft;
  readonly onChange: (draft: TransportDraft) => void;
  /** Problems are shown from the first attempt to save on. */
  readonly tried: boolean;
}

const urlHints: Readonly<Record<RemoteType, string>> = {
  'streamable-http': 'Of its Streamable HTTP endpoint. Where it speaks only the older HTTP+SSE, that is found out.',
  sse: 'Of its stream of events; it often ends in /sse.',
  websocket: 'Of its WebSocket, with the subprotocol mcp.',
};

export function TransportFields({ draft, onChange, tried }: TransportFieldsProps) {
  const set = (part: Partial<TransportDraft>) => onChange({ ...draft, ...part });
  const problem = tried ? transportProblem(draft) : null;
  if (draft.type !== 'stdio') {
    return (
      <>
        <Segments
          label="How it is spoken to"
          value={draft.type}
          onChange={(type) => set({ type })}
          options={remoteTypes}
        />
        <Field label="URL" required error={problem?.text} hint={urlHints[draft.type]}>
          {(control) => (
            <Input
              {...control}
              mono
              inputMode="url"
              placeholder={draft.type === 'websocket' ? 'wss://example.com/mcp' : 'https://example.com/mcp'}
              value={draft.url}
              onChange={(event) => set({ url: event.target.value })}
            />
          )}
        </Field>
        <PairsEditor
          legend="Headers"
          hint="Sent with every request, such as an authorization. Values are sealed and never shown again."
          noun="header"
          pairs={draft.headers}
          onChange={(headers) => set({ headers })}
        />
        <AuthField draft={draft.auth} onChange={(auth) => set({ auth })} />
      </>
    );
  }
  const words = wordsOf(draft.command);
  return (
    <>
      <Field
        label="Command"
        required
        error={problem?.text}
        hint={
          words.length > 1 ? (
            <span className="words">
              {words.map((word, index) => (
                // Words have no identity but their place.
                // oxlint-disable-next-line react/no-array-index-key
                <code key={index}>{word === '' ? '""' : word}</code>
              ))}
            </span>
          ) : (
            'The whole command line. No shell runs it: words are split at spaces and quotes, nothing is expanded.'
          )
        }
      >
        {(control) => (
          <Input
            {...control}
            mono
            placeholder="npx -y @modelcontextprotocol/server-everything"
            value={draft.command}
            onChange={(event) => set({ command: event.target.value })}
          />
        )}
      </Field>
      <PairsEditor
        legend="Environment"
        hint="Processes get only a few harmless variables and these. Values are sealed and never shown again. Paste an .env file to fill them in."
        noun="variable"
        pairs={draft.env}
        onChange={(env) => set({ env })}
      />
      <Field label="Working folder" hint="Left empty: a folder of the server’s own in the data directory.">
        {(control) => (
          <Input {...control} mono value={draft.cwd} onChange={(event) => set({ cwd: event.target.value })} />
        )}
      </Field>
    </>
  );
}
