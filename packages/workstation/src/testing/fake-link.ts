// A hub made of memory, as far as a workstation asks one: for tests of what happens on this side.
import { link, type LinkName } from '@mcpvault/protocol/hub-link/link';
import type { RecordBatch } from '@mcpvault/protocol/hub-link/record-batch';
import type { SignedBundle } from '@mcpvault/protocol/hub-link/policy-bundle';
import { LinkFailure } from '../link/link-failure.ts';
import type { SignedInLink } from '../link/signed-in-link.ts';

export interface FakeLink extends SignedInLink {
  /** What was taken, once each, by journal and in order. */
  readonly journals: Map<string, RecordBatch['items'][number]['item'][]>;
  /** Everything that was asked, in order. */
  readonly asked: { readonly name: LinkName; readonly input: unknown }[];
  bundle: SignedBundle | null;
  /** Decides before an answer leaves, after it was taken: `lose` takes it and does not answer. */
  mood: (name: LinkName) => 'answer' | 'lose' | 'away' | 'revoked';
}

export function createFakeLink(): FakeLink {
  const journals: FakeLink['journals'] = new Map();
  const answers: Partial<Record<LinkName, (input: never) => unknown>> = {
    records({ journal, items }: RecordBatch) {
      const taken = journals.get(journal) ?? [];
      journals.set(journal, taken);
      const before = taken.length;
      for (const { sequence, item } of items) if (sequence === taken.length) taken.push(item);
      return { stored: taken.length - 1, taken: taken.length - before, rejected: 0 };
    },
    bundle: () => fake.bundle,
    bundleApplied: ({ version }: { readonly version: number }) => ({ newest: version }),
    report: () => ({ report: 'rep_1', isNew: true, verdict: 'compliant', reasons: 0 }),
    jobOutcome: () => ({ taken: true }),
  };
  const fake: FakeLink = {
    journals,
    asked: [],
    bundle: null,
    mood: () => 'answer',
    async ask(name, input) {
      const mood = fake.mood(name);
      if (mood === 'away') throw new LinkFailure('away', 'The hub cannot be reached (ECONNREFUSED).');
      if (mood === 'revoked') throw new LinkFailure('unauthenticated', 'This workstation was revoked.');
      const read = link[name].asks.safeParse(input);
      if (!read.success) throw new LinkFailure('refused', `no hub would take that: ${read.error.message}`);
      fake.asked.push({ name, input });
      const answer = answers[name]?.(read.data as never) ?? null;
      if (mood === 'lose') throw new LinkFailure('away', 'The hub did not answer in time.');
      return answer as never;
    },
  };
  return fake;
}
