// What the gateway needs from its host, hub or workstation. Everything on the way of a message answers synchronously
// from memory once warm; the host keeps that memory true.
import type { Ambient } from '@mcpvault/domain/ambient';
import type { ServerEntry } from '@mcpvault/domain/catalog/server';
import type { Caller } from '@mcpvault/domain/identity/caller';
import type { Reach } from '@mcpvault/domain/identity/reach';
import type { ApprovalId, MemberId, OrganizationId, PolicyId, ServerId } from '@mcpvault/domain/ids';
import type { QuarantineWhat } from '@mcpvault/domain/policy/action';
import type { Finding } from '@mcpvault/domain/inspection/finding';
import type { LimitState } from '@mcpvault/domain/limits/exceeded';
import type { Use } from '@mcpvault/domain/limits/limit';
import type { Challenge } from './upstream/authorization/challenge.ts';
import type { PolicySet } from '@mcpvault/domain/policy/compile';
import type { Hold, PolicyAlert } from '@mcpvault/domain/policy/effect';
import type { ToolFacts } from '@mcpvault/domain/policy/message-facts';
import type { Message } from '@mcpvault/protocol/jsonrpc/message';
import type { MessageRecord } from '@mcpvault/domain/record/message-record';
import type { Edit } from '@mcpvault/domain/redaction/edit';
import type { OutboundRules } from './outbound/outbound-rules.ts';

/** Structured log. `error` means that someone must act now. Never given secrets or message contents. */
export interface Log {
  debug(fields: object, text: string): void;
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** A server of which this caller may use something, and what. */
export interface Usable {
  readonly server: ServerEntry;
  /** The same object for as long as nothing about it changes. */
  readonly reach: Reach;
}

export interface CatalogPort {
  /** null both for servers that do not exist and for those the caller may not use. */
  byName(caller: Caller, name: string): Usable | null;
  /** Every server the caller may use, ordered by name. */
  usable(caller: Caller): readonly Usable[];
}

/** Rates and quotas; answers from memory. */
export interface LimitsPort {
  /** Those that apply to a use, and how they stand before it; null when none does. Nothing counts before `take`. */
  applying(organization: OrganizationId, use: Use): Applying | null;
}

export interface Applying {
  readonly states: readonly LimitState[];
  take(): void;
}

export interface IdentityPort {
  /**
   * Whose bearer credential this is; null for unknown, expired, revoked, or a disabled member. Judged afresh for every
   * message: synchronous when it was seen lately.
   */
  identify(credential: string): Caller | null | Promise<Caller | null>;
  /** Whether a caller of before may do nothing any more, so that what they have under way ends too. From memory. */
  isGone(caller: Caller): boolean;
  /**
   * Where a client without a credential learns whom to ask for one (RFC 9728), as it is reached under this Host header.
   * Left out, or null: nowhere.
   */
  resourceMetadata?(host: string | undefined, path: string): string | null;
}

/** One caller's sign-in at one server. Only carriers use it: no stage and no record ever sees what it holds. */
export interface Credential {
  /** At once while a token is at hand. Throws, or rejects with, `not_connected` where somebody must sign in first. */
  ready(): void | Promise<void>;
  /** The value of the Authorization header; only once `ready` has said so. */
  value(): string;
  /**
   * The server refused `used`. Resolves when another token is worth a try; rejects with `not_connected`, or with why none
   * can be had.
   */
  refused(used: string, status: number, challenge: Challenge | null): Promise<void>;
  /** Tool definitions as the server listed them last, for as long as it cannot be asked. */
  remembered(): Promise<readonly object[]>;
}

export interface CredentialsPort {
  /** For servers that want a sign-in (`authOf`). */
  of(server: ServerEntry, caller: Pick<Caller, 'organization' | 'member' | 'actedBy'>): Credential;
  /** The id of the sign-in that is at hand for this caller, for the record; null while none works. From memory. */
  heldBy(server: ServerEntry, caller: Pick<Caller, 'organization' | 'member' | 'actedBy'>): string | null;
}

/** A record before it knows where its originals will lie. */
export type MessageDraft = Omit<MessageRecord, 'request' | 'response'>;

export interface RecorderPort {
  /** False when nothing more can be recorded and the organization chose to refuse rather than to lose. */
  accepts(organization: OrganizationId): boolean;
  /**
   * Appends one exchange. `done` is called, never synchronously, once it is in the journal, so that a crash of this
   * process cannot lose it; with an error when it could not be written. Calls keep their order.
   */
  append(
    draft: MessageDraft,
    request: Buffer | null,
    response: Buffer | null,
    done: (error: Error | null) => void,
  ): void;
}

/** Who and what a policy's effect is about. */
export interface EffectAbout {
  readonly organization: OrganizationId;
  readonly member: MemberId;
  readonly server: ServerId | null;
  readonly tool: string | null;
  /** What stands for the conversation, see `SessionMemory.keyOf`. */
  readonly conversation: string;
  readonly caller: Caller;
}

/** What policies need to know and to have done. All of it answers at once, from memory. */
export interface PolicingPort {
  /** What the server's list says of a tool; null when it does not list it, as far as is known. */
  tool(server: ServerId, name: string): ToolFacts | null;
  /** Names of the caller's teams. */
  teamNames(caller: Caller): readonly string[];
  /** A key for digests and tokens that is this organization's alone. */
  key(organization: OrganizationId): Uint8Array;
  /** False where nobody needs to ask further, as nearly always. */
  hasQuarantines(organization: OrganizationId): boolean;
  /** Why nobody may use this tool, or this conversation; null when nothing is quarantined. */
  quarantined(about: QuarantineQuestion): string | null;
  /** Takes effect before it returns; that it is also written down may come later. */
  quarantine(about: EffectAbout, wish: QuarantineWish): void;
  /** An alert was raised. It lies in the record of the message as well, so this is for whoever wants to know now. */
  alerted(about: EffectAbout, alert: PolicyAlert): void;
  /** null where nobody can be asked: what is held is refused then, and may be tried again. */
  readonly approvals: ApprovalPort | null;
}

export type QuarantineQuestion = Pick<EffectAbout, 'organization' | 'server' | 'tool' | 'conversation' | 'caller'>;

export interface QuarantineWish {
  readonly what: QuarantineWhat;
  readonly policy: PolicyId;
  readonly reason: string;
  readonly minutes: number | null;
}

/** A call that policies hold, and who asks for it. */
export interface HeldRequest {
  readonly hold: Hold;
  readonly about: EffectAbout;
  readonly caller: Caller;
  readonly client: string | null;
  readonly endpoint: string | null;
  readonly serverName: string | null;
  readonly method: string;
  /** What it is about, by the name that the server itself uses. */
  readonly target: string | null;
  /** What an approval is bound to: `canonicalCall`. */
  readonly asked: string;
  /** The request that it has waited for already; null for a call that was just sent. */
  readonly waited: ApprovalId | null;
  /** With what is taken out of it before somebody else sees it. */
  readonly message: Message;
  readonly edits: readonly Edit[];
  readonly findings: readonly Finding[];
}

/** How a held call stands. */
export type HoldStanding =
  /** Somebody said yes, and that was used up now, unless it is good for the whole conversation. */
  | { readonly kind: 'approved'; readonly id: ApprovalId; readonly by: readonly MemberId[] }
  /** Somebody said no, or nobody can be asked. */
  | {
      readonly kind: 'refused';
      readonly id: ApprovalId | null;
      readonly by: readonly MemberId[];
      readonly reason: string;
    }
  /** What it waited for is over, and nobody decided. */
  | { readonly kind: 'over'; readonly id: ApprovalId; readonly why: 'withdrawn' | 'expired' }
  | {
      readonly kind: 'pending';
      readonly id: ApprovalId;
      /** Where people see it, and decide. */
      readonly page: string;
      /** Until when it can be decided: milliseconds since the epoch. */
      readonly until: number;
    };

export interface ApprovalPort {
  /** Whether clients may be about to come back with what they were told to keep while their calls were held. */
  readonly lately: boolean;
  /** How long a held call waits in its client at most, in milliseconds. */
  readonly patience: number;
  /** Asks whoever has to say yes, once for the same call of the same caller; the same call sent again stands as it stood. */
  ask(call: HeldRequest): Promise<HoldStanding>;
  /** Resolves when it may be worth asking again: it was decided, wherever that was, or `signal` fires. Never rejects. */
  decided(organization: OrganizationId, id: ApprovalId, signal: AbortSignal): Promise<void>;
  /** What the asker says of it, for whoever decides. Never rejects. */
  note(organization: OrganizationId, id: ApprovalId, text: string): Promise<void>;
  /** The asker gave up. Never rejects. */
  withdraw(organization: OrganizationId, id: ApprovalId): Promise<void>;
}

export interface GatewayHost {
  readonly ambient: Ambient;
  readonly log: Log;
  readonly identity: IdentityPort;
  readonly catalog: CatalogPort;
  readonly limits: LimitsPort;
  policies(organization: OrganizationId): PolicySet;
  readonly policing: PolicingPort;
  /** Id of the workstation that this host is; left out by hubs. */
  readonly workstation?: string;
  readonly recorder: RecorderPort;
  readonly credentials: CredentialsPort;
  /** Told when a conversation shows that a server answers or fails, so that the console need not ask. */
  observed(server: ServerId, seen: { readonly ready: boolean; readonly reason: string | null }): void;
}

/** Bounds of the gateway; sizes in bytes, times in milliseconds. */
export interface GatewaySettings {
  /** Hosts accepted in the Host header, e.g. `127.0.0.1:7717`; compared in lower case. */
  readonly allowedHosts: ReadonlySet<string>;
  /** Origins accepted when a browser sends one, e.g. `http://127.0.0.1:7717`. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** How many proxies in front are believed when they say where a request came from. */
  readonly proxies: number;
  readonly maxMessageBytes: number;
  readonly maxDepth: number;
  /** For the first byte of an answer and between messages of a stream, reset by progress. */
  readonly callTimeout: number;
  /** For opening a connection or starting a process to its `initialize` answer. */
  readonly connectTimeout: number;
  /** A legacy session without any traffic ends after this. */
  readonly sessionIdle: number;
  readonly maxSessionsPerMember: number;
  /** Calls of one member under way at once. */
  readonly maxConcurrentCalls: number;
  /** A process without conversations ends after this. */
  readonly processIdle: number;
  readonly maxProcesses: number;
  readonly maxProcessesPerServer: number;
  /** Of those that are one member's. */
  readonly maxProcessesPerMember: number;
  /** The folder in which each server's processes have a home of their own. */
  readonly processHome: string;
  /** Folders that no process in a sandbox ever sees. */
  readonly hiddenFolders: readonly string[];
  /** Bounded memory of streams that a client may resume, per session. */
  readonly resumeBytes: number;
  /** Where servers may be. An admin named their URLs, so that these rules are milder than those for what others name. */
  readonly serverPlaces: OutboundRules;
}
