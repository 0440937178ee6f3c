import type { Judge, Stage } from '../stage.ts';
import { unknownTarget } from './unknown-target.ts';

/** A grant that names tools gives those tools and nothing else of the server. */
const call: Judge = (exchange, facts) => {
  if (facts.tools === null || exchange.message.kind !== 'request') return null;
  switch (exchange.message.method) {
    case 'tools/call': {
      const tool = facts.bareName ?? exchange.message.target;
      return tool !== null && facts.tools.has(tool) ? null : unknownTarget(exchange.message);
    }
    case 'prompts/get':
    case 'resources/read':
    case 'resources/subscribe':
    case 'completion/complete':
      return unknownTarget(exchange.message);
    default:
      return null;
  }
};

export const authorize: Stage = {
  name: 'authorize',
  decides: 'whether grants let this caller use it',
  layers: ['hub', 'workstation'],
  call,
};
