import { z } from 'zod';

/** How the API says that something went wrong: RFC 9457, sent as `application/problem+json`. */
export const problem = z.object({
  /** `urn:mcpvault:problem:<code>`. */
  type: z.string(),
  title: z.string(),
  /** The HTTP status, again. */
  status: z.number().int(),
  /** For people: what is wrong. */
  detail: z.string(),
  /** For machines: stable, from the closed list of failures. */
  code: z.string(),
  /** Also in the `x-request-id` header and in the hub's log. */
  requestId: z.string(),
  /** What to do about it, where that is known. */
  fix: z.string().optional(),
  /** Which members of the input were not accepted, and why. */
  issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
});
export type Problem = z.infer<typeof problem>;

export const problemType = 'application/problem+json';
