// The automatic way back: an enforced policy that stops or changes more than its budget allows is made a shadow, so that a
// mistaken rule harms for minutes and not until somebody wakes up. It looks at the record now and then and never at a message
// on its way. What it does is a new version that says why, an entry in the audit log, and is undone by enforcing again.
import type { Clock, Ids } from '@mcpvault/domain/ambient';
import type { OrganizationId } from '@mcpvault/domain/ids';
import type { Log } from '@mcpvault/gateway/ports';
import { countRules } from '@mcpvault/store/policy-hits-view';
import type { StoredPolicy } from '@mcpvault/store/policies-store';
import type { Stores } from '@mcpvault/store/stores';
import { hitsOf } from './policy-hits.ts';

export interface FallBacks {
  start(): void;
  stop(): Promise<void>;
  /** Looks once at every policy that has a budget. */
  look(): Promise<void>;
}

export interface FallBackDeps {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly log: Log;
  transaction<Result>(work: (stores: Stores) => Promise<Result>): Promise<Result>;
  /** Has everybody read the organization's policies again. */
  changed(organization: OrganizationId): Promise<void>;
}

const everyMs = 10_000;
/** Messages that are counted for one budget: the newest. */
const mostCounted = 20_000;

export function createFallBacks({ stores, clock, ids, log, transaction, changed }: FallBackDeps): FallBacks {
  let timer: NodeJS.Timeout | null = null;
  let under = Promise.resolve();

  async function look(): Promise<void> {
    for (const policy of await stores.policies.budgeted()) {
      const { budget } = policy;
      if (budget === null || budget === undefined) continue;
      const from = clock.now() - budget.minutes * 60_000;
      const { rules } = await countRules(stores.executor, policy.organization, from, mostCounted);
      const hits = hitsOf(rules, (id, version) => id === policy.id && version === policy.version).get(policy.id);
      if (hits === undefined || hits.asked < budget.least || hits.acted * 100 <= budget.share * hits.asked) continue;
      await fallBack(policy, hits);
    }
  }

  async function fallBack(policy: StoredPolicy, { asked, acted }: { readonly asked: number; readonly acted: number }) {
    const { organization, id, name, version, budget } = policy;
    const at = clock.now();
    const note = `Made a shadow by itself: it stopped or changed ${acted} of ${asked} messages within ${budget?.minutes} minutes, more than ${budget?.share} %.`;
    const isDone = await transaction(async (own) => {
      const now = await own.policies.byId(organization, id);
      if (now === null || now.version !== version) return false;
      const fellBack = { at, asked, acted };
      await own.policies.update(
        organization,
        { ...now, mode: 'shadow', version: version + 1, note, fellBack },
        at,
        null,
      );
      await own.audit.append({
        id: ids.next('aud'),
        organization,
        at,
        actor: 'system',
        action: 'policies.fallBack',
        subject: id,
        outcome: 'done',
        detail: { name, version: version + 1, asked, acted, ...budget },
      });
      return true;
    });
    if (!isDone) return;
    log.warn({ organization, policy: id, asked, acted }, 'a policy was over its budget and only watches now');
    await changed(organization);
  }

  function turn(): Promise<void> {
    under = under
      .then(look)
      .catch((error: unknown) => log.warn({ cause: String(error) }, 'budgets of policies could not be looked at'));
    return under;
  }

  return {
    look,
    start() {
      timer = setInterval(() => void turn(), everyMs);
      timer.unref();
    },
    async stop() {
      if (timer !== null) clearInterval(timer);
      await under;
    },
  };
}
