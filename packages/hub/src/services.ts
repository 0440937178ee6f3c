import type { Ambient } from '@mcpvault/domain/ambient';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Sealer } from '@mcpvault/domain/record/recorded-batch';
import type { Gateway } from '@mcpvault/gateway/gateway';
import type { OutboundFetch } from '@mcpvault/gateway/outbound/outbound-fetch';
import type { OutboundRules } from '@mcpvault/gateway/outbound/outbound-rules';
import type { DestinationId } from '@mcpvault/domain/ids';
import type { OauthKeys } from '@mcpvault/store/oauth-keys';
import type { Stores } from '@mcpvault/store/stores';
import type { Dispatcher } from './alerts/routes/dispatcher.ts';
import type { Notify } from './alerts/notify.ts';
import type { AuditLog } from './audit/audit-log.ts';
import type { Courier } from './audit/destinations/courier.ts';
import type { AuditRules } from './audit/audit-rules.ts';
import type { Limiter } from './limits/limiter.ts';
import type { RelyingParty } from './auth/passkeys.ts';
import type { Passwords } from './auth/password.ts';
import type { SignInProviders } from './auth/single-sign-on/sign-in-providers.ts';
import type { ConnectDeps } from './connections/connect.ts';
import type { Backtests } from './backtest/backtests.ts';
import type { Catalog } from './catalog/catalog-snapshot.ts';
import type { OauthDesk } from './oauth/oauth-desk.ts';
import type { ServerContact } from './catalog/server-contact.ts';
import type { Waiting } from './workstations/waiting.ts';

/** What operations may use besides the stores of their transaction. */
export interface Services {
  readonly ambient: Ambient;
  readonly lifetimes: SignInLifetimes;
  readonly passwords: Passwords;
  readonly sealer: Sealer;
  readonly signInProviders: SignInProviders;
  /** null where browsers allow no passkeys at this hub’s address. */
  readonly relyingParty: RelyingParty | null;
  readonly catalog: Catalog;
  readonly limiter: Pick<Limiter, 'settle'>;
  readonly contact: ServerContact;
  /** What connecting a server needs. */
  readonly connect: ConnectDeps;
  /** What AI clients ask for, and how they are answered. */
  readonly oauth: OauthDesk;
  readonly oauthKeys: Pick<OauthKeys, 'rotate'>;
  readonly auditLog: AuditLog;
  readonly backtests: Backtests;
  /** For digests and tokens of this organization alone. */
  policyKey(organization: OrganizationId): Uint8Array;
  readonly auditRules: Pick<AuditRules, 'usual'>;
  readonly gateway: Pick<Gateway, 'connections' | 'processes' | 'confinement' | 'logs' | 'close'>;
  /** For every URL that somebody else named: a server, a client, an identity provider, a webhook's owner. */
  readonly outboundFetch: OutboundFetch;
  readonly outboundRules: OutboundRules;
  /** Has people told of something, over the organization’s routes. */
  readonly notify: Notify;
  readonly dispatcher: Pick<Dispatcher, 'test'>;
  /** Whether the operator of the hub named a mail server. */
  readonly canMail: boolean;
  readonly courier: Pick<Courier, 'test'>;
  /** For what happens on any hub, such as the end of a job. */
  readonly waiting: Pick<Waiting, 'until'>;
  /** Where the files of such a destination lie. */
  destinationFolder(id: DestinationId): string;
  /** How clients and browsers reach this hub, without a slash at its end. */
  readonly url: string;
  /** Outside any transaction, for what must be known before one is opened. */
  readonly stores: Stores;
  /** A transaction of its own, for what must be kept even when the operation fails. */
  transaction<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
  /** What an operator should know now. */
  notices(): readonly Notice[];
}

/** In milliseconds. */
export interface SignInLifetimes {
  readonly access: number;
  readonly refresh: number;
}

export interface Notice {
  readonly code: string;
  readonly text: string;
  readonly fix: string | null;
}
