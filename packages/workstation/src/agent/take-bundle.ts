// Fetches what this computer has to follow, and takes it only if it is whole: signed by a key that is known, meant for this
// workstation, not older than what is held, not over, and such that every policy in it can be used. The hub hears which one
// holds, or why one does not; what was held before goes on to hold.
import { Failure } from '@mcpvault/domain/failure';
import type { InjectionScorer } from '@mcpvault/domain/inspection/injection/injection-scorer';
import { openBundle } from '@mcpvault/domain/workstation/signed-bundle';
import type { Asks } from '@mcpvault/protocol/hub-link/link';
import type { Bundle } from '@mcpvault/protocol/hub-link/policy-bundle';
import { type Enrolment, writeEnrolment } from '../enrolment/enrolment.ts';
import { governingBy } from '../govern/governing.ts';
import { readBundle } from '../govern/held-bundle.ts';
import type { SignedInLink } from '../link/signed-in-link.ts';
import { writeJson } from '../state/json-file.ts';
import type { StateFolder } from '../state/state-folder.ts';

export interface TakeBundleDeps {
  readonly link: SignedInLink;
  readonly state: StateFolder;
  readonly scorer: () => InjectionScorer;
  /** By the hub's clock, as far as it is known: milliseconds since the epoch. */
  now(): number;
}

export type Taken =
  | { readonly outcome: 'taken' | 'unchanged'; readonly bundle: Bundle; readonly enrolment: Enrolment }
  | {
      readonly outcome: 'refused';
      readonly why: NonNullable<Asks<'bundleApplied'>['refused']>;
      readonly enrolment: Enrolment;
      /** What holds instead; null: nothing yet. */
      readonly bundle: Bundle | null;
    };

/** `newest`: the version that the hub says is there. */
export async function takeBundle(deps: TakeBundleDeps, enrolment: Enrolment, newest: number): Promise<Taken> {
  const { link, state, now } = deps;
  const found = await readBundle(state.bundle, enrolment);
  const held = 'bundle' in found ? found.bundle : null;
  const headers: Readonly<Record<string, string>> = held === null ? {} : { 'if-none-match': `"${held.version}"` };
  const signed = await link.ask('bundle', {}, { headers });
  if (signed === null && held !== null) return { outcome: 'unchanged', bundle: held, enrolment };
  const refuse = async (why: Extract<Taken, { outcome: 'refused' }>['why'], detail: string): Promise<Taken> => {
    await link.ask('bundleApplied', { version: newest, refused: why, detail: detail.slice(0, 500) });
    return { outcome: 'refused', why, enrolment, bundle: held };
  };
  if (signed === null) return refuse('not_understood', 'there is no bundle that could hold still');
  const { workstation, keys } = enrolment;
  const opened = openBundle(signed, { workstation, keys, newest: held?.version ?? null, now: now() });
  if ('refused' in opened) return refuse(opened.refused, reasons[opened.refused]);
  const { bundle } = opened;
  try {
    governingBy({ bundle, own: [], now: now(), scorer: deps.scorer });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return refuse('not_compiled', error.message);
  }
  await writeJson(state.bundle, signed);
  const next = { ...enrolment, keys: bundle.keys, pollSeconds: bundle.settings.pollSeconds };
  await writeEnrolment(state.enrolment, next);
  await link.ask('bundleApplied', { version: bundle.version, refused: null });
  return { outcome: 'taken', bundle, enrolment: next };
}

const reasons: Readonly<Record<Exclude<Extract<Taken, { outcome: 'refused' }>['why'], 'not_compiled'>, string>> = {
  not_signed: 'no key that this workstation trusts has signed it',
  not_for_us: 'it is meant for another workstation',
  expired: 'it is over already, by the clocks of hub and workstation',
  older: 'it is older than the one that holds',
  not_understood: 'it is not written in words that this version knows',
};
