import { isMergedEndpoint } from '../../catalog/naming.ts';
import { renamed } from '../../catalog/rename.ts';
import { refuse } from '../outcome.ts';
import type { Judge, Stage } from '../stage.ts';
import { unknownTarget } from './unknown-target.ts';

/** Servers that do not exist and servers that the caller may not use read the same. */
const call: Judge = (exchange, facts) => {
  if (facts.server === null) {
    if (!isMergedEndpoint(exchange.endpoint)) {
      return refuse(
        'forbidden',
        `there is no server "${exchange.endpoint}" that you may use; ask an admin for a grant`,
      );
    }
    return unknownTarget(exchange.message);
  }
  if (facts.bareName === null) return null;
  const span = exchange.message.marks.target;
  if (span === null) return null;
  const reason = `the name that ${facts.server.name} itself uses`;
  return { kind: 'edits', edits: [renamed(exchange.message, span, facts.bareName, reason)] };
};

export const locate: Stage = {
  name: 'locate',
  decides: 'which server and tool the name means',
  layers: ['hub', 'workstation'],
  call,
};
