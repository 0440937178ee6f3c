// Where MCPVault may go when somebody else named the place: the guard in front of every fetch on a client's, a server's or
// an identity provider's word. It refuses whatever it does not know to be harmless; addresses at which clouds hand out
// credentials are refused always, whatever the settings say.
import { Failure } from '@mcpvault/domain/failure';
import {
  type Address,
  type AddressKind,
  type AddressRange,
  isWithin,
  kindOf,
  parseAddress,
  parseRange,
  plain,
} from './address.ts';

export interface OutboundRules {
  /**
   * The parsed URL. Throws `OutboundRefused` for other schemes than https (and http where that is allowed), for URLs that
   * carry credentials, and for addresses written out that may not be reached. Names are judged when they are looked up.
   */
  judgeUrl(url: string | URL): URL;
  /** Throws `OutboundRefused` when a connection to `address`, under the name or address `host`, must not be made. */
  judgeAddress(host: string, address: string, secure: boolean): void;
}

export interface OutboundOptions {
  /** Host names (`auth.corp.example`, `*.corp.example`), addresses and ranges (`10.20.0.0/16`) that may be reached though they are private, and without TLS. */
  readonly allowed: readonly string[];
  /** `approved`: an admin named the place, so that private addresses and plain http are taken as meant. */
  readonly trust: 'none' | 'approved';
}

/** Nothing was sent. The message says which place and why; `details.fix` how it can be allowed. */
export class OutboundRefused extends Failure {
  constructor(text: string, fix: string | null) {
    super('upstream_invalid', text, fix === null ? undefined : { fix });
    this.name = 'OutboundRefused';
  }
}

const longestUrl = 4_000;

export function createOutboundRules({ allowed, trust }: OutboundOptions): OutboundRules {
  const places = allowed.map(parsePlace);

  function isNamed(host: string): boolean {
    return places.some((place) => place.type === 'host' && place.fits(host));
  }

  function isListed(address: Address): boolean {
    return places.some((place) => place.type === 'range' && isWithin(place.range, plain(address)));
  }

  function judgeAddress(given: string, text: string, secure: boolean): void {
    const host = nameOf(given);
    const address = parseAddress(text);
    if (address === null) throw new OutboundRefused(`"${host}" has no address that can be read`, null);
    const kind = kindOf(address);
    if (kind === 'metadata') throw new OutboundRefused(`"${host}" is ${kinds.metadata}, which is never asked`, null);
    if (isNamed(host) || isListed(address)) return;
    if (trust === 'approved') {
      if (kind !== 'link-local') return;
    } else if (kind === 'public') {
      if (secure) return;
      throw new OutboundRefused(`"${host}" was to be asked without TLS`, fixFor(host));
    }
    throw new OutboundRefused(`"${host}" is ${kinds[kind]}`, fixFor(host));
  }

  return {
    judgeAddress,
    judgeUrl(given) {
      const text = String(given);
      const url = text.length > longestUrl ? null : URL.parse(text);
      if (url === null) throw new OutboundRefused('This is not a URL.', null);
      const secure = url.protocol === 'https:' || url.protocol === 'wss:';
      if (!secure && url.protocol !== 'http:' && url.protocol !== 'ws:') {
        throw new OutboundRefused(`"${url.protocol}" is not fetched, only https is`, null);
      }
      if (url.username !== '' || url.password !== '') {
        throw new OutboundRefused(`the URL at "${url.host}" carries a user name or password`, null);
      }
      const host = nameOf(url.hostname);
      if (parseAddress(host) !== null) judgeAddress(host, host, secure);
      else if (!secure && trust === 'none' && !mayBePlain(host)) {
        throw new OutboundRefused(`"${host}" was to be asked without TLS`, fixFor(host));
      }
      return url;
    },
  };

  /** Whether it is in an allowed range shows only when it is looked up. */
  function mayBePlain(host: string): boolean {
    return isNamed(host) || places.some(({ type }) => type === 'range');
  }
}

/** Whether a text can stand in the list of allowed places. */
export function isPlace(text: string): boolean {
  return parseRange(text) !== null || hostPattern.test(text);
}

type Place =
  | { readonly type: 'range'; readonly range: AddressRange }
  | { readonly type: 'host'; fits(host: string): boolean };

const hostPattern = /^(\*\.)?(?!.*\.\.)[a-z0-9]([a-z0-9.-]{0,250}[a-z0-9])?$/i;

function parsePlace(text: string): Place {
  const range = parseRange(text);
  if (range !== null) return { type: 'range', range };
  if (!isPlace(text)) throw new Error(`"${text}" is no host name, address or range`);
  const name = text.toLowerCase();
  if (!name.startsWith('*.')) return { type: 'host', fits: (host) => host === name };
  return { type: 'host', fits: (host) => host.endsWith(name.slice(1)) };
}

/** Lower case, without the brackets of an IPv6 address and without the dot that some names end with. */
function nameOf(host: string): string {
  return host
    .toLowerCase()
    .replace(/^\[|\]$/g, '')
    .replace(/\.$/, '');
}

function fixFor(host: string): string {
  return `If MCPVault is to ask it, add ${host} to MCPVAULT_PRIVATE_NETWORKS.`;
}

const kinds: Readonly<Record<AddressKind, string>> = {
  public: 'a public address',
  private: 'an address of a private network',
  loopback: 'an address of this machine',
  'link-local': 'an address of the local wire',
  metadata: 'an address at which a cloud hands out credentials',
  reserved: 'an address that belongs to nobody',
};
