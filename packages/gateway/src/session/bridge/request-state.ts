// What a modern client carries back to us while its call waits: sealed, so that it can be neither read nor changed, bound
// to who asked, to what was asked and to a time, and good for one use.
import { createCipheriv, createDecipheriv, createHash } from 'node:crypto';
import type { Ambient } from '@mcpvault/domain/ambient';
import type { MemberId, OrganizationId, ServerId } from '@mcpvault/domain/ids';
import type { ObjectText } from '@mcpvault/protocol/jsonrpc/object-text';

export interface WaitingState {
  readonly organization: OrganizationId;
  readonly member: MemberId;
  readonly server: ServerId;
  /** The call that waits. */
  readonly parked: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  /** Of the request, as `digestOf` makes it. */
  readonly digest: string;
}

export interface Sealed<State> {
  seal(state: State): string;
  /** null for anything that was not sealed with this key. */
  open(text: string): State | null;
}

export type StateSealer = Sealed<WaitingState>;

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
/** Longer than any of ours. */
const mostText = 2_000;

/** The key lives as long as this process, as the calls do that the states are about. */
export function createStateSealer({ random }: Pick<Ambient, 'random'>): StateSealer {
  return sealedWith<WaitingState>(random.bytes(32), random);
}

/** `key` has 32 bytes. */
export function sealedWith<State>(key: Uint8Array, random: Ambient['random']): Sealed<State> {
  return {
    seal(state) {
      const nonce = random.bytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce);
      const sealed = Buffer.concat([cipher.update(JSON.stringify(state), 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, sealed, cipher.getAuthTag()]).toString('base64url');
    },
    open(text) {
      if (text.length > mostText || !/^[\w-]+$/.test(text)) return null;
      const bytes = Buffer.from(text, 'base64url');
      // One text for one state: other spellings of the same bytes are none of ours.
      if (bytes.length <= nonceBytes + tagBytes || bytes.toString('base64url') !== text) return null;
      try {
        const decipher = createDecipheriv(algorithm, key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes });
        decipher.setAuthTag(bytes.subarray(-tagBytes));
        const opened = Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]);
        return JSON.parse(opened.toString('utf8')) as State;
      } catch {
        return null;
      }
    },
  };
}

/** What a request asks, whatever round it is in: its method and its params without what rounds and envelopes add. */
export function digestOf(method: string, params: ObjectText): string {
  const members = [...params.entries()]
    .filter(([name]) => name !== '_meta' && name !== 'inputResponses' && name !== 'requestState')
    .map(([name]) => `${JSON.stringify(name)}:${canonical(params.value(name))}`)
    .toSorted();
  return createHash('sha256')
    .update(JSON.stringify([method, members]))
    .digest('base64url');
}

/** The same text for the same value, however its keys are ordered and spaced. */
export function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  const members = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${canonical(inner)}`).join(',')}}`;
}
