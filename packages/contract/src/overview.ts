import { z } from 'zod';
import { id, operation, time } from './operation.ts';

export const getOverview = operation({
  name: 'overview.get',
  method: 'GET',
  path: '/overview',
  permission: 'self',
  summary: 'How things stand, and the first steps with what is still to do',
  input: z.object({}),
  output: z.object({
    /** Each step is verified by what really happened, not by a click. */
    firstSteps: z.object({
      serverReady: z.boolean(),
      clientConnected: z.boolean(),
      callMade: z.boolean(),
      redactionSeen: z.boolean(),
    }),
    /** The merged endpoint, as an absolute URL. */
    endpoint: z.string(),
    servers: z.object({ ready: z.number().int(), unavailable: z.number().int(), total: z.number().int() }),
    lastDay: z.object({
      messages: z.number().int(),
      refused: z.number().int(),
      failed: z.number().int(),
      redactions: z.number().int(),
    }),
    topServers: z.array(
      z.object({ id: id('srv'), name: z.string(), messages: z.number().int(), failed: z.number().int() }),
    ),
    /** Messages per hour over the last 24 hours, oldest first. */
    hourly: z.array(z.object({ at: time, messages: z.number().int(), failed: z.number().int() })),
    /** Things an operator should know, such as a generated key file; empty for members. */
    notices: z.array(z.object({ code: z.string(), text: z.string(), fix: z.string().nullable() })),
  }),
});
