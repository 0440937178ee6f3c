// The suites of `npm test`, in the order in which they run: the cheap ones first.
import type { Need } from './equipment.ts';
import type { FileLimits } from './run-file.ts';

export interface Suite {
  readonly name: string;
  /** What may be asked for on the command line; several suites may answer to one word. */
  readonly word: string;
  readonly heading: string;
  readonly files: readonly string[];
  readonly except?: readonly string[];
  readonly needs: readonly Need[];
  readonly env: Readonly<Record<string, string>>;
  /** Files at a time at most; never more than the machine has processors. */
  readonly atATime: number;
  readonly limits: FileLimits;
}

const quick: FileLimits = { testSeconds: 60, fileSeconds: 180 };
const patient: FileLimits = { testSeconds: 180, fileSeconds: 600 };

const databaseFiles = ['packages/*/src/**/*.db.test.ts', 'e2e/**/*.db.test.ts'];
const conformanceFiles = ['e2e/scenarios/**/conformance*.e2e.ts'];
const browserFiles = ['e2e/scenarios/**/browser*.e2e.ts'];
const sandboxFiles = ['e2e/scenarios/**/sandbox*.e2e.ts'];

export const suites: readonly Suite[] = [
  {
    name: 'unit',
    word: 'unit',
    heading: 'Unit: pure code, tools and the coverage of requirements',
    files: ['packages/*/src/**/*.test.ts', 'tools/**/*.test.ts', 'e2e/**/*.test.ts', 'bench/**/*.test.ts'],
    // The architecture test is one of the checks.
    except: ['**/*.db.test.ts', 'tools/architecture.test.ts'],
    needs: [],
    env: {},
    atATime: 4,
    limits: quick,
  },
  {
    name: 'database, embedded',
    word: 'db',
    heading: 'Database: on the embedded PostgreSQL',
    files: databaseFiles,
    needs: [],
    env: { MCPVAULT_TEST_ENGINE: 'embedded' },
    atATime: 2,
    limits: patient,
  },
  {
    name: 'database, distribution',
    word: 'db',
    heading: 'Database: on the distribution’s PostgreSQL',
    files: databaseFiles,
    needs: ['postgresql'],
    env: { MCPVAULT_TEST_ENGINE: 'debian' },
    atATime: 2,
    limits: patient,
  },
  {
    name: 'end to end',
    word: 'e2e',
    heading: 'End to end: the real hub, real servers, real clients',
    files: ['e2e/scenarios/**/*.e2e.ts'],
    except: [...conformanceFiles, ...browserFiles, ...sandboxFiles],
    needs: ['postgresql'],
    env: {},
    atATime: 2,
    limits: patient,
  },
  {
    name: 'sandbox',
    word: 'e2e',
    heading: 'Sandbox: what server processes cannot reach',
    files: sandboxFiles,
    needs: ['bubblewrap'],
    env: {},
    atATime: 1,
    limits: patient,
  },
  {
    name: 'conformance',
    word: 'conformance',
    heading: 'Conformance: the official tool, through MCPVault',
    files: conformanceFiles,
    needs: [],
    env: {},
    atATime: 1,
    limits: patient,
  },
  {
    name: 'browser',
    word: 'browser',
    heading: 'Browser: the console in Chromium',
    files: browserFiles,
    needs: ['chromium'],
    env: {},
    atATime: 1,
    limits: patient,
  },
];
