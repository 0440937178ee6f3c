// What an AI client asks for, in words, for the member who says whether it may.
import type { Output } from '../../api/hub.ts';
import { Badge } from '../../parts/badge.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Facts } from '../../parts/page.tsx';

export type Asked = Output<'getAuthorization'>;

export function Asking({ asked }: { readonly asked: Asked }) {
  const { client, redirect, server, isSignIn, scopes } = asked;
  return (
    <>
      <Facts
        items={[
          [
            'Who',
            <span key="who" className="row">
              <strong>{client.name}</strong>
              {client.knownBy === 'own' && <Badge tone="ok">part of MCPVault</Badge>}
              {client.knownBy === 'host' && <Badge tone="ok">published by {client.host}</Badge>}
              {client.knownBy === 'claim' && <Badge tone="warn">not verified</Badge>}
            </span>,
          ],
          ['Wants to reach', isSignIn ? 'This hub, as you' : (server ?? 'All servers that you may use')],
          [
            'And to',
            <span key="scopes" className="stack">
              {scopes.map(({ name, text }) => (
                <span key={name}>{text}</span>
              ))}
            </span>,
          ],
          redirect && ['Answer goes to', redirect.isLocal ? `this computer (${redirect.host})` : redirect.host],
        ]}
      />
      {client.knownBy === 'claim' && (
        <Notice tone="warn" title="Anybody can use this name">
          <p>Go on only if you have just started this yourself, in an application that you trust.</p>
        </Notice>
      )}
    </>
  );
}
