// The policies that a workstation has of its own, for the hub to see and not to change.
import { z } from 'zod';
import { moment } from './words.ts';

export const localPolicies = z.object({
  policies: z.array(z.looseObject({ id: z.string().max(60), name: z.string().max(200) })).max(500),
  /** When they changed last. */
  changedAt: moment,
});
export const localPoliciesTaken = z.object({
  /** By the hub's setting, those that do not hold: all of them, or those that are not stricter. */
  setAside: z.array(z.string().max(60)).max(500),
});
