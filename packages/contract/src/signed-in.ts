import { z } from 'zod';

/** `accessToken` is sent as a bearer; it is short-lived. `refreshToken` is used once, for the next pair. */
export const signedIn = z.object({
  accessToken: z.string(),
  refreshToken: z.string(),
  /** Seconds until the access token expires. */
  expiresIn: z.number().int(),
});
