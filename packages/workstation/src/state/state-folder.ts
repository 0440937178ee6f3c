import { join } from 'node:path';

/** Where this workstation keeps what it needs besides the servers and links. All of it is its owner's alone. */
export interface StateFolder {
  readonly path: string;
  /** To which hub it belongs; absent: to none. */
  readonly enrolment: string;
  /** The last bundle that was taken, under its signature. */
  readonly bundle: string;
  /** One folder for each bridge that runs or ran. */
  readonly journals: string;
  /** How far each journal has reached the hub. */
  readonly ledger: string;
  readonly quarantines: string;
  /** Jobs that were done, and those that wait for the person. */
  readonly jobs: string;
  /** What the agent did last. */
  readonly agent: string;
  readonly lastScan: string;
  readonly homes: string;
  /** Held by the agent that runs. */
  readonly lock: string;
}

/** `folder` is where everything of this account is kept. */
export function stateFolder(folder: string): StateFolder {
  const path = join(folder, 'workstation');
  return {
    path,
    enrolment: join(path, 'enrolment.json'),
    bundle: join(path, 'bundle.json'),
    journals: join(path, 'journals'),
    ledger: join(path, 'ledger.json'),
    quarantines: join(path, 'quarantines.json'),
    jobs: join(path, 'jobs.json'),
    agent: join(path, 'agent.json'),
    lastScan: join(path, 'scan.json'),
    homes: join(path, 'homes'),
    lock: join(path, 'agent.lock'),
  };
}
