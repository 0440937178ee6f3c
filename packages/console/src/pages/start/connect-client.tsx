import { KeyRound } from 'lucide-react';
import { useState } from 'react';
import { type Output, useWrite } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Field, Select } from '../../parts/field.tsx';
import { Problem } from '../../parts/problem.tsx';
import { clientSnippets } from './client-snippets.ts';
import './connect-client.css';

interface ConnectClientProps {
  /** What the client will call the endpoint. */
  readonly name: string;
  /** Where the client reaches it, as an absolute URL. */
  readonly url: string;
  /** A token made a moment ago, whose value is known; without one, it can be made here. */
  readonly made?: Output<'createToken'> | undefined;
}

/** The configuration for one's client, with a token in it. */
export function ConnectClient({ name, url, made }: ConnectClientProps) {
  const [client, setClient] = useState('claude-code');
  const make = useWrite('createToken');
  const token = made ?? make.data;
  const snippets = clientSnippets({ name, url, token: token?.token ?? 'mcpv_…' });
  const snippet = snippets.find((one) => one.id === client) ?? snippets[0];
  if (!snippet) return null;

  return (
    <div className="connect">
      <Field label="Your client">
        {(control) => (
          <Select {...control} value={client} onChange={(event) => setClient(event.target.value)}>
            {snippets.map((one) => (
              <option key={one.id} value={one.id}>
                {one.client}
              </option>
            ))}
          </Select>
        )}
      </Field>
      {make.error && <Problem error={make.error} title="The token could not be made" />}
      {token ? (
        <>
          <CodeBlock label={`Configuration for ${snippet.client}`} title={snippet.where} text={snippet.text} />
          <p className="soft">
            {snippet.then} The token in it is “{token.name}”; it is shown only now and can be revoked under Tokens.
          </p>
        </>
      ) : (
        <div className="connect-make">
          <p className="soft">
            The configuration carries a personal token: whoever holds it can use what you may use, and nothing else.
          </p>
          <Button
            kind="primary"
            icon={KeyRound}
            busy={make.isPending}
            onClick={() => make.mutate({ name: snippet.id === 'other' ? 'My client' : snippet.client })}
          >
            Make a token and show the configuration
          </Button>
        </div>
      )}
    </div>
  );
}
