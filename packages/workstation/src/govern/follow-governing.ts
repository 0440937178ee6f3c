// What this computer has to follow, kept true while a bridge runs: the bundle, the policies of its own and what was shut away
// are read again when their files change. What cannot be read closes the server; it never opens it.
import { stat } from 'node:fs/promises';
import { Failure } from '@mcpvault/domain/failure';
import type { InjectionScorer } from '@mcpvault/domain/inspection/injection/injection-scorer';
import type { Policy } from '@mcpvault/domain/policy/policy';
import type { Log } from '@mcpvault/gateway/ports';
import { type Enrolment, readEnrolment } from '../enrolment/enrolment.ts';
import type { StateFolder } from '../state/state-folder.ts';
import { type Governing, governingBy } from './governing.ts';
import { readBundle } from './held-bundle.ts';

export interface OwnPolicies {
  /** The file that they stand in. */
  readonly path: string;
  /** None where there is no file; rejects with a `Failure` that says what is wrong with it. */
  read(): Promise<readonly Policy[]>;
}

export interface FollowDeps {
  readonly state: StateFolder;
  readonly own: OwnPolicies;
  readonly scorer: () => InjectionScorer;
  readonly log: Log;
  now(): number;
}

export interface FollowedGoverning {
  now(): Governing;
  readonly isEnrolled: boolean;
  /** Looks whether anything has changed. About once a second. */
  look(): Promise<void>;
}

export async function followGoverning(deps: FollowDeps): Promise<FollowedGoverning> {
  const { state, own, log } = deps;
  const watched = [state.enrolment, state.bundle, own.path];
  let seen = await stampsOf(watched);
  let enrolment = await readEnrolment(state.enrolment);
  let current = await read(enrolment, deps);
  const { organization, member } = current.caller;
  if (current.closed !== null) log.warn({}, current.closed);

  return {
    now() {
      return current;
    },
    get isEnrolled() {
      return enrolment !== null;
    },
    async look() {
      const stamps = await stampsOf(watched);
      const hasEnded = current.closed === null && current.endsAt !== null && deps.now() >= current.endsAt;
      if (stamps === seen && !hasEnded) return;
      try {
        enrolment = await readEnrolment(state.enrolment);
        const next = await read(enrolment, deps);
        // The conversation was begun as this member; it goes on as nobody else.
        current = { ...next, caller: { ...next.caller, organization, member } };
        if (current.closed !== null) log.warn({}, current.closed);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        current = { ...current, closed: error.message };
        log.warn({}, error.message);
      }
      seen = stamps;
    },
  };
}

async function read(enrolment: Enrolment | null, { state, own, scorer, now }: FollowDeps): Promise<Governing> {
  const policies = await own.read();
  if (enrolment === null) return governingBy({ bundle: null, own: policies, now: now(), scorer });
  const held = await readBundle(state.bundle, enrolment);
  if ('bundle' in held) return governingBy({ bundle: held.bundle, own: policies, now: now(), scorer });
  const nothing = governingBy({ bundle: null, own: policies, now: now(), scorer });
  const why =
    held.refused === 'absent'
      ? 'The policies of your organization have not arrived on this computer yet.'
      : 'The policies of your organization that lie on this computer are not what its hub signed.';
  return { ...nothing, closed: `${why} Start “mcpvault workstation run”, which fetches them.` };
}

/** When each file was written, and how long it is. */
async function stampsOf(paths: readonly string[]): Promise<string> {
  const stamps = paths.map((path) =>
    stat(path).then(
      ({ mtimeMs, size, ino }) => `${mtimeMs} ${size} ${ino}`,
      () => '-',
    ),
  );
  return (await Promise.all(stamps)).join(',');
}
