// One write of an identity provider: a transaction, in it the write itself and its audit entry, then the change told to all
// who hold a copy. What is refused for what it would do leaves an entry too.
import type { OrganizationId } from '@mcpvault/domain/ids';
import { announce } from '@mcpvault/store/change-feed';
import type { Database } from '@mcpvault/store/connect';
import type { ProvisioningToken } from '@mcpvault/store/provisioning-tokens-store';
import { type Stores, within } from '@mcpvault/store/stores';
import type { Ambient } from '@mcpvault/domain/ambient';
import type { Change, ChangeArea, Changes } from '../changes.ts';
import { ScimFailure } from './scim-failure.ts';

export interface ProvisionDeps {
  readonly database: Database;
  readonly changes: Changes;
  readonly ambient: Ambient;
}

/** Who provisions, and from where. */
export interface Provider {
  readonly token: ProvisioningToken;
  readonly address: string;
  readonly requestId: string;
}

export interface ScimContext {
  readonly organization: OrganizationId;
  /** Of this write's transaction. */
  readonly stores: Stores;
  readonly ids: Ambient['ids'];
  /** Milliseconds since the epoch. */
  readonly now: number;
  changed(area: ChangeArea, id: string | null): void;
  /** What the audit entry is about. */
  note(subject: string, detail: Readonly<Record<string, unknown>>): void;
}

export type Provision = <Result>(
  provider: Provider,
  action: string,
  work: (context: ScimContext) => Promise<Result>,
) => Promise<Result>;

export function createProvision({ database, changes, ambient }: ProvisionDeps): Provision {
  return async (provider, action, work) => {
    const { organization } = provider.token;
    const changed: Change[] = [];
    try {
      const result = await within(database, organization, async (stores) => {
        let subject: string | null = null;
        let detail: Readonly<Record<string, unknown>> = {};
        const done = await work({
          organization,
          stores,
          ids: ambient.ids,
          now: ambient.clock.now(),
          changed: (area, id) => changed.push({ organization, area, id }),
          note(about, more) {
            subject = about;
            detail = { ...detail, ...more };
          },
        });
        await audit(stores, provider, action, subject, detail, 'done');
        if (changed.length > 0) await announce(stores.executor, changes.announcement(changed));
        return done;
      });
      await changes.publish(changed);
      return result;
    } catch (error) {
      if (error instanceof ScimFailure && error.status === 403) {
        const why = { why: error.message };
        await within(database, organization, (stores) => audit(stores, provider, action, null, why, 'refused'));
      }
      throw error;
    }
  };

  async function audit(
    stores: Stores,
    { token, address, requestId }: Provider,
    action: string,
    subject: string | null,
    detail: Readonly<Record<string, unknown>>,
    outcome: 'done' | 'refused',
  ): Promise<void> {
    await stores.audit.append({
      id: ambient.ids.next('aud'),
      organization: token.organization,
      at: ambient.clock.now(),
      actor: token.id,
      action,
      subject,
      outcome,
      detail: { ...detail, token: token.name, from: address, request: requestId },
    });
  }
}
