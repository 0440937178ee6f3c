import type { Context } from 'oidc-provider';

interface OauthError {
  readonly error: string;
  readonly error_description?: string;
}

/** For people whose browser a client sent here with a request that cannot be answered to the client. */
export function errorPage(ctx: Context, { error, error_description: detail = '' }: OauthError): void {
  ctx.type = 'html';
  ctx.set('content-security-policy', "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
  ctx.set('x-frame-options', 'DENY');
  ctx.set('x-content-type-options', 'nosniff');
  ctx.set('referrer-policy', 'no-referrer');
  ctx.set('cache-control', 'no-store');
  ctx.body = `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>This request cannot be answered · MCPVault</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 15vh auto; padding: 0 1.5rem }
  @media (prefers-color-scheme: dark) { body { background: #16181d; color: #e6e8ee } }
  code { opacity: .75 }
</style>
<h1>This request cannot be answered</h1>
<p>${sentenceFor(error)}</p>
<p>Go back to the application and start again. If it goes on, show this to whoever makes it:</p>
<p><code>${escaped(error)}: ${escaped(detail)}</code></p>
</html>
`;
}

function sentenceFor(error: string): string {
  switch (error) {
    case 'invalid_client':
      return 'The application that sent you here is not known to this hub, or its own description could not be read.';
    case 'invalid_redirect_uri':
      return 'The application wants the answer at an address that it has not registered. Nothing was sent there.';
    default:
      return 'The application that sent you here asked in a way that this hub does not understand.';
  }
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`).slice(0, 500);
}
