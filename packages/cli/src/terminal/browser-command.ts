// Which program shows a page to the person at this machine. None where nobody sits in front of it: on a server, over SSH.

export interface Desktop {
  readonly platform: string;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The program and its arguments, to be started without a shell; null where there is none, or the page is none. */
export function browserCommand({ platform, env }: Desktop, page: string): readonly [string, ...string[]] | null {
  const url = URL.parse(page);
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null;
  if (env.BROWSER === 'none' || env.SSH_CONNECTION || env.SSH_TTY || env.CI) return null;
  switch (platform) {
    case 'darwin':
      return ['open', url.href];
    case 'win32':
      return ['rundll32', 'url.dll,FileProtocolHandler', url.href];
    default:
      return env.DISPLAY || env.WAYLAND_DISPLAY ? ['xdg-open', url.href] : null;
  }
}
