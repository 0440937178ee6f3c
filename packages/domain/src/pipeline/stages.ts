// THE TABLE. Order is down; every message travelling to the server is asked the `call` column, every message travelling to
// the client the `result` column. Hub and workstation run this same table.
import type { Stage } from './stage.ts';
import { authorize } from './stages/authorize.ts';
import { identify } from './stages/identify.ts';
import { inspect } from './stages/inspect.ts';
import { limit } from './stages/limit.ts';
import { locate } from './stages/locate.ts';
import { present } from './stages/present.ts';
import { redact } from './stages/redact.ts';

export const stages: readonly Stage[] = [
  identify, // who is calling
  locate, //   which server and tool the name means
  authorize, // may this caller use it
  limit, //    is there room for it
  inspect, //  what do the detectors see
  redact, //   what do the policies change or refuse
  present, //  what of a listing may this caller see
];
