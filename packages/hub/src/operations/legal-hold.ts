import { readHold, writeHold } from '../legal-hold.ts';
import { handles } from './handler.ts';
import { rfc3339 } from './times.ts';

export const getLegalHold = handles('getLegalHold', async (_, { stores, caller }) => {
  const hold = await readHold(stores.settings, caller.organization);
  return { hold: hold && { reason: hold.reason, since: rfc3339(hold.since) } };
});

export const setLegalHold = handles('setLegalHold', async ({ reason }, context) => {
  const { stores, caller, now } = context;
  const before = await readHold(stores.settings, caller.organization);
  const hold = { reason, since: before?.since ?? now };
  await writeHold(stores.settings, caller.organization, hold, now);
  context.note({ subject: caller.organization, detail: { reason } });
  return { hold: { reason, since: rfc3339(hold.since) } };
});

export const endLegalHold = handles('endLegalHold', async (_, context) => {
  const { stores, caller, now } = context;
  await writeHold(stores.settings, caller.organization, null, now);
  context.note({ subject: caller.organization });
  return undefined;
});
