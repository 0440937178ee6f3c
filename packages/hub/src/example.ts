// The example that the first start makes: three real servers run from the locked dependencies, a folder of sample files
// that looks like work, and a policy, so that the first call already shows what MCPVault does.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Random } from '@mcpvault/domain/ambient';
import type { PartialProcessRules } from '@mcpvault/domain/catalog/process-rules';
import type { Isolation, Transport } from '@mcpvault/domain/catalog/server';
import { Failure } from '@mcpvault/domain/failure';
import { everywhere } from '@mcpvault/domain/policy/complete-policy';
import type { Policy } from '@mcpvault/domain/policy/policy';

export interface ExampleServer {
  readonly name: string;
  readonly isolation: Isolation;
  readonly processes?: PartialProcessRules;
  readonly transport: Transport;
}

export interface ExampleOptions {
  /** Absolute. */
  readonly dataDir: string;
  /** The Node that runs the servers. */
  readonly node: string;
}

const shared = 'shared';

/** Throws when the locked dependencies are not installed. */
export async function exampleServers({ dataDir, node }: ExampleOptions): Promise<readonly ExampleServer[]> {
  const run = async (name: string, args: readonly string[], env: Record<string, string> = {}): Promise<Transport> => ({
    type: 'stdio',
    command: node,
    args: [await programOf(`@modelcontextprotocol/server-${name}`), ...args],
    env,
  });
  const memory = { MEMORY_FILE_PATH: join(dataDir, 'memory.jsonl') };
  return [
    // Keeps something about each conversation, so each has its own process.
    { name: 'everything', isolation: 'per-session', transport: await run('everything', ['stdio']) },
    { name: 'filesystem', isolation: shared, transport: await run('filesystem', [sampleFolder(dataDir)]) },
    { name: 'memory', isolation: shared, transport: await run('memory', [], memory) },
  ];
}

export const examplePolicy: Omit<Policy, 'id' | 'version'> = {
  name: 'Redact secrets, cards and e-mail addresses',
  reason: 'Keys, passwords, card numbers and e-mail addresses have no business in an AI client, nor in a server.',
  owner: '',
  severity: 'high',
  mode: 'enforce',
  percentage: 100,
  directions: ['call', 'result', 'listing'],
  scope: everywhere,
  detectors: ['secrets', 'cards', 'email'],
  threshold: 0,
  condition: null,
  actions: [{ type: 'redact', style: 'label' }],
  tests: [],
};

export function sampleFolder(dataDir: string): string {
  return join(dataDir, 'sample-files');
}

/** Writes the sample files, and leaves alone those that are there. */
export async function writeSampleFiles(dataDir: string, random: Random): Promise<void> {
  for (const [name, content] of Object.entries(sampleFiles(random))) {
    const path = join(sampleFolder(dataDir), name);
    if (existsSync(path)) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
}

/** The secrets are made up on the spot: none of them opens anything, and none stands in the source. */
function sampleFiles(random: Random): Readonly<Record<string, string>> {
  const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const mixed = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
  const word = (alphabet: string, length: number) =>
    [...random.bytes(length)].map((byte) => alphabet[byte % alphabet.length]).join('');
  return {
    'welcome.md': `# Welcome

These files are here to be read through MCPVault. Ask your AI client to:

- read \`deploy/credentials.env\`, and see that the secrets do not reach it;
- read \`customers.csv\`, and see that card numbers and e-mail addresses do not either;
- summarise \`notes/launch-plan.md\`, and see that ordinary text passes unchanged.

Then open the live messages in the console: each call is there, with what was redacted and why.
`,
    'notes/launch-plan.md': `# Launch plan

| week | what | who |
|---|---|---|
| 1 | Invite the first team, agree on the servers they need | Ada |
| 2 | Connect the issue tracker and the document store | Grace |
| 3 | Look at a week of messages together, adjust the policies | everyone |

Open question: who approves a new server while Ada is away?
`,
    'customers.csv': `name,e-mail,card,since
Ada Lovelace,ada.lovelace@example.com,4111 1111 1111 1111,2021
Grace Hopper,grace.hopper@example.org,5555-5555-5555-4444,2022
Edsger Dijkstra,edsger@example.net,378282246310005,2023
`,
    'deploy/credentials.env': `# Made up for this sample: none of these opens anything.
AWS_ACCESS_KEY_ID=AKIA${word(upper, 16)}
AWS_SECRET_ACCESS_KEY=${word(mixed, 40)}
GITHUB_TOKEN=ghp_${word(mixed, 36)}
DATABASE_URL=postgres://shop:${word(mixed, 16)}@db.example.com:5432/shop
`,
  };
}

/** The program that a package names as its command. */
async function programOf(packageName: string): Promise<string> {
  const manifest = packageFile(packageName);
  const { bin } = JSON.parse(await readFile(manifest, 'utf8')) as { readonly bin: string | Record<string, string> };
  const program = typeof bin === 'string' ? bin : Object.values(bin)[0];
  if (program === undefined) throw new Error(`${packageName} names no command`);
  return join(dirname(manifest), program);
}

/** Not by importing it: that would need the package to export something, and these export nothing. */
function packageFile(packageName: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const manifest = join(folder, 'node_modules', packageName, 'package.json');
    if (existsSync(manifest)) return manifest;
    if (dirname(folder) === folder) {
      throw new Failure(
        'not_found',
        `${packageName} is not installed. Run npm ci, or start with MCPVAULT_EXAMPLE=off.`,
      );
    }
  }
}
