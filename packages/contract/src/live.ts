// The live feed at /api/v1/live, a WebSocket. The first frame a client sends is `{ "type": "hello", "accessToken": … }`
// (never in the URL); the hub answers `welcome`, then publishes what the member may see. A later `hello` with the next access
// token keeps the connection alive. It is closed with 4401 when the sign-in has ended or the token expired, and with 4400 when
// a frame is not a `hello` or none came in time.
import { z } from 'zod';
import { messageShape } from './messages.ts';

export const liveEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('welcome') }),
  /** Recorded messages, oldest first, in small batches. */
  z.object({ type: z.literal('messages'), items: z.array(messageShape) }),
  /** Messages left out because this connection could not keep up. */
  z.object({ type: z.literal('skipped'), count: z.number().int() }),
  /** Something of this area changed: read it again. */
  z.object({
    type: z.literal('changed'),
    area: z.enum([
      'servers',
      'members',
      'roles',
      'teams',
      'grants',
      'tokens',
      'policies',
      'alerts',
      'limits',
      'workstations',
      'approvals',
    ]),
    id: z.string().nullable(),
  }),
]);
export type LiveEvent = z.infer<typeof liveEvent>;

export const liveHello = z.object({ type: z.literal('hello'), accessToken: z.string().max(200) });
