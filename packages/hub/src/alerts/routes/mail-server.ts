// The mail server of MCPVAULT_SMTP_URL: `smtps://name:password@mail.example.org` or `smtp://mail.example.org:587`.

export interface MailServer {
  readonly host: string;
  readonly port: number;
  /** TLS from the first byte. */
  readonly secure: boolean;
  /** Otherwise: TLS before anything is said, or none at all. */
  readonly tls: boolean;
  readonly auth: { readonly user: string; readonly pass: string } | null;
}

/** null for what is no such address. Without TLS no password is sent. */
export function readMailServer(text: string): MailServer | null {
  const url = URL.parse(text);
  if (url === null || (url.protocol !== 'smtp:' && url.protocol !== 'smtps:') || url.hostname === '') return null;
  const secure = url.protocol === 'smtps:';
  const off = url.searchParams.get('tls') === 'off';
  const auth =
    url.username === '' ? null : { user: decodeURIComponent(url.username), pass: decodeURIComponent(url.password) };
  if (off && (secure || auth !== null)) return null;
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: Number(url.port || (secure ? 465 : 587)),
    ...{ secure, tls: !off, auth },
  };
}
