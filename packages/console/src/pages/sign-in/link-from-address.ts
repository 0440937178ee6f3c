// A one-time link carries its secret in the fragment, which browsers never send. It is taken out of the address at once,
// so that it stays in no history, bookmark or screenshot. Pure.

export interface TakenLink {
  readonly link: string | null;
  /** The address to show instead. */
  readonly cleaned: string;
}

export function linkFromAddress(address: string): TakenLink {
  const url = new URL(address);
  const link = new URLSearchParams(url.hash.slice(1)).get('link');
  url.hash = '';
  return { link: link === null || link.trim() === '' ? null : link.trim(), cleaned: url.href };
}
