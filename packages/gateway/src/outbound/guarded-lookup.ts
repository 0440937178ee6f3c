// Looks up names for a connection, and hands over only addresses that were judged: the connection goes to one of these very
// addresses, so that a name cannot mean one place when it is judged and another when it is reached.
import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import type { OutboundRules } from './outbound-rules.ts';

export interface Resolved {
  readonly address: string;
  readonly family: number;
}

/** All addresses of a name. */
export type Resolve = (host: string) => Promise<readonly Resolved[]>;

/** As the machine itself looks names up: its hosts file, then its name servers. */
export const resolveBySystem: Resolve = (host) =>
  new Promise((resolve, reject) => {
    systemLookup(host, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
  });

/** For `connect` of `node:net` and `node:tls`. One address that may not be reached refuses the name with all its others. */
export function guardedLookup(
  rules: OutboundRules,
  secure: boolean,
  resolve: Resolve = resolveBySystem,
): LookupFunction {
  return (host, options, answer) => {
    judged(host).then(
      (addresses) => {
        if (options.all === true) return answer(null, [...addresses]);
        const [first] = addresses;
        if (first !== undefined) answer(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => answer(error, []),
    );
  };

  async function judged(host: string): Promise<readonly Resolved[]> {
    const addresses = await resolve(host);
    if (addresses.length === 0) throw Object.assign(new Error(`${host} has no address`), { code: 'ENOTFOUND' });
    for (const { address } of addresses) rules.judgeAddress(host, address, secure);
    return addresses;
  }
}
