import { type Enrolment, readEnrolment } from '@mcpvault/workstation/enrolment/enrolment';
import { CommandFailure } from '../../command-failure.ts';
import type { Io } from '../../io.ts';
import { stateOf } from '../../workstation/state-of.ts';

/** Rejects where this computer belongs to no hub. */
export async function requireEnrolment(io: Io): Promise<Enrolment> {
  const enrolment = await readEnrolment(stateOf(io).enrolment);
  if (enrolment !== null) return enrolment;
  throw new CommandFailure('not_enrolled', 'not_enrolled', 'This computer belongs to no hub.', {
    fix: 'Enrol it with: mcpvault workstation enroll --hub URL',
  });
}
