import { Failure } from '@mcpvault/domain/failure';
import { handles } from './handler.ts';
import { rfc3339, rfc3339OrNull } from './times.ts';

export const listQuarantines = handles('listQuarantines', async (input, { stores, caller }) => {
  const { items, next } = await stores.quarantines.list(caller.organization, input);
  return {
    items: items.map(({ organization: _, conversation: __, createdAt, until, liftedAt, ...shown }) => ({
      ...shown,
      createdAt: rfc3339(createdAt),
      until: rfc3339OrNull(until),
      liftedAt: rfc3339OrNull(liftedAt),
    })),
    next,
  };
});

export const liftQuarantine = handles('liftQuarantine', async ({ id }, context) => {
  const { stores, caller, now } = context;
  if (!(await stores.quarantines.lift(caller.organization, id, caller.member, now)))
    throw new Failure('not_found', 'There is no such quarantine, or it was lifted already.');
  context.note({ subject: id });
  context.changed('policies', id);
  return undefined;
});
