// The hub as the bridge speaks to it: a request with the credential on it, tried again while the hub is away, and what comes
// back told apart.
import { MalformedMessage, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';
import { SseParser } from '@mcpvault/protocol/transport/sse';
import { BackOff, type BackOffDeps } from './back-off.ts';
import type { BridgeCredential } from './bridge-credential.ts';
import { BridgeFailure } from './bridge-failure.ts';
import { bodyOf, type HubAnswer, type HubHttp, HubSilent } from './hub-http.ts';

export interface HubSideDeps extends BackOffDeps {
  readonly http: HubHttp;
  readonly credential: BridgeCredential;
  /** The hub's address, for people. */
  readonly hub: string;
  /** Milliseconds for which a request waits for a hub that is away. */
  readonly patience: number;
  note(text: string): void;
}

export interface Sending {
  readonly method: 'POST' | 'GET' | 'DELETE';
  readonly body?: Buffer;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  /** Whether it may be sent again though it may have arrived. */
  readonly isSafe: boolean;
  readonly backOff?: BackOff;
}

/** What ended a stream of events. */
export interface StreamEnd {
  readonly lastEventId: string | null;
  /** Milliseconds the hub asked to wait; null when it did not. */
  readonly retry: number | null;
}

/** Of one message, either way. */
export const mostBytes = 64 * 1024 * 1024;
const maxDepth = 10_000;
/** The hub is starting, stopping, or behind something that cannot reach it. */
const awayStatuses: ReadonlySet<number> = new Set([502, 503, 504]);

export class HubSide {
  readonly #deps: HubSideDeps;
  #away = false;

  constructor(deps: HubSideDeps) {
    this.#deps = deps;
  }

  backOff(patience = this.#deps.patience, longest?: number): BackOff {
    return new BackOff(this.#deps, patience, longest);
  }

  /** The head of an answer that is not about credentials; rejects with `BridgeFailure`. */
  async send(sending: Sending): Promise<HubAnswer> {
    const backOff = sending.backOff ?? this.backOff();
    for (;;) {
      const bearer = await this.#deps.credential.bearer();
      const answer = await this.#once(sending, bearer, backOff);
      if (answer === null) continue;
      if (answer.status !== 401) return answer;
      answer.body.resume();
      if (await this.#deps.credential.refused(bearer)) continue;
      throw new BridgeFailure(
        'unauthenticated',
        `The hub at ${this.#deps.hub} does not accept your token or sign-in: it has expired, or was revoked. Sign in again with "mcpvault login --hub ${this.#deps.hub}", or put another personal token into MCPVAULT_TOKEN; then try again.`,
      );
    }
  }

  /** null: to be tried again, after a wait. */
  async #once(sending: Sending, bearer: string, backOff: BackOff): Promise<HubAnswer | null> {
    const { method, body, signal, isSafe } = sending;
    const headers = { ...sending.headers, authorization: `Bearer ${bearer}` };
    try {
      const answer = await this.#deps.http.send({ method, headers, signal, ...(body !== undefined && { body }) });
      if (!awayStatuses.has(answer.status) || isRpc(answer)) {
        this.#isBack();
        return answer;
      }
      answer.body.resume();
      // Whoever stands in between says these two also of what the hub has begun.
      if (answer.status !== 503 && !isSafe) throw this.interrupted();
      if (await this.#wait(backOff, signal, answer.retryAfter ?? 0)) return null;
      throw this.unreachable(`it answers with HTTP ${answer.status}`);
    } catch (error) {
      if (!(error instanceof HubSilent)) throw error;
      if (error.sent && !isSafe) throw this.interrupted();
      if (await this.#wait(backOff, signal, 0)) return null;
      throw this.unreachable(explained(error.reason));
    }
  }

  /** Every event's message; resolves when the stream has ended, however it did. */
  async stream(answer: HubAnswer, take: (message: Message) => void, room: () => Promise<void>): Promise<StreamEnd> {
    let lastEventId: string | null = null;
    let retry: number | null = null;
    const parser = new SseParser((event) => {
      if (event.id !== null) lastEventId = event.id;
      if (event.retry !== null) retry = Math.min(event.retry, 60_000);
      if (event.data.length > 0) take(this.read(event.data));
    }, mostBytes);
    try {
      for await (const chunk of answer.body as AsyncIterable<Buffer>) {
        parser.push(chunk);
        await room();
      }
    } catch (error) {
      // One that breaks is taken up again, or told to those who wait for it.
      if (error instanceof BridgeFailure) throw error;
    }
    return { lastEventId, retry };
  }

  /** The message in an answer that is no stream; null when it holds none. */
  async message(answer: HubAnswer): Promise<Message | null> {
    const body = await bodyOf(answer, mostBytes);
    try {
      return parseMessage(body, { maxDepth, check: 'structure' });
    } catch (error) {
      if (error instanceof MalformedMessage) return null;
      throw error;
    }
  }

  read(bytes: Buffer): Message {
    try {
      return parseMessage(bytes, { maxDepth, check: 'structure' });
    } catch (error) {
      if (!(error instanceof MalformedMessage)) throw error;
      throw new BridgeFailure('hub_invalid', `The hub sent something that is no message: ${error.message}.`);
    }
  }

  interrupted(): BridgeFailure {
    const text = `The connection to ${this.#deps.hub} broke while this was under way, so that nobody knows whether it was carried out. Look before you repeat it.`;
    return new BridgeFailure('interrupted', text);
  }

  unreachable(why: string): BridgeFailure {
    const { hub } = this.#deps;
    const fix = 'Check that it is running and that this machine can reach it, or name another one with --hub';
    return new BridgeFailure('hub_unreachable', `No hub can be reached at ${hub}: ${why}. ${fix}.`);
  }

  async #wait(backOff: BackOff, signal: AbortSignal, atLeast: number): Promise<boolean> {
    const waiting = backOff.wait(signal, atLeast);
    if (!this.#away) this.#deps.note(`${this.#deps.hub} is away; trying again until it is back`);
    this.#away = true;
    return waiting;
  }

  #isBack(): void {
    if (this.#away) this.#deps.note(`${this.#deps.hub} is back`);
    this.#away = false;
  }
}

/** Answers of the gateway itself are messages, whatever their status; only a hub that starts or stops asks to come again. */
function isRpc({ type, retryAfter }: HubAnswer): boolean {
  return type === 'application/json' && retryAfter === null;
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens there',
  ENOTFOUND: 'no machine is known by this name',
  EAI_AGAIN: 'its name could not be looked up just now',
  ETIMEDOUT: 'it shows no sign of life',
  ECONNRESET: 'it closed the connection',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not trusted; name your authority’s file in NODE_EXTRA_CA_CERTS',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not trusted; name your authority’s file in NODE_EXTRA_CA_CERTS',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not trusted; name your authority’s file in NODE_EXTRA_CA_CERTS',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

function explained(code: string): string {
  return reasons[code] === undefined ? code : `${reasons[code]} (${code})`;
}
