// THE TABLE. Order is down; every message travelling to the server is asked the `call` column, every message travelling to
// the client the `result` column. Hub and workstation run this same table.
import type { Stage } from './stage.ts';
import { authorize } from './stages/authorize.ts';
import { decide } from './stages/decide.ts';
import { identify } from './stages/identify.ts';
import { inspect } from './stages/inspect.ts';
import { limit } from './stages/limit.ts';
import { locate } from './stages/locate.ts';
import { present } from './stages/present.ts';
import { quarantine } from './stages/quarantine.ts';
import { validateResult } from './stages/validate-result.ts';

export const stages: readonly Stage[] = [
  identify, // who is calling
  locate, //   which server and tool the name means
  authorize, // may this caller use it
  quarantine, // was it shut away
  limit, //    is there room for it
  inspect, //  what do the detectors see
  validateResult, // is the result what its tool says it is
  decide, //   what do the policies make of it
  present, //  what of a listing may this caller see
];
