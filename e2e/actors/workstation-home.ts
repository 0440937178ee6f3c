// A computer of a member, as far as scenarios need one: a home folder of its own, the command line, and what AI clients start
// from the files in it.
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type CommandLine, commandLine } from './command-line.ts';
import type { Target } from './sdk-clients.ts';

export interface WorkstationHome extends AsyncDisposable {
  readonly line: CommandLine;
  path(name: string): string;
  write(name: string, text: string): Promise<string>;
  read(name: string): Promise<string>;
  /** What a client starts, with the environment it has. */
  target(command: string, args: readonly string[], env?: Readonly<Record<string, string>>): Target;
  /** What the entry of that name in a file with `mcpServers` starts. */
  entry(file: string, name: string, env?: Readonly<Record<string, string>>): Promise<Target>;
}

/** Talks to no hub where none is given. */
export async function workstationHome(hub = 'http://127.0.0.1:9'): Promise<WorkstationHome> {
  const line = await commandLine(hub);
  const folder = dirname(dirname(line.credentials));
  const path = (name: string): string => join(folder, name);
  const target: WorkstationHome['target'] = (command, args, env = {}) => {
    const { PATH = '' } = process.env;
    const own = { PATH, HOME: folder, XDG_CONFIG_HOME: folder, MCPVAULT_HUB: hub };
    return { command, args: [...args], env: { ...own, ...env } };
  };
  return {
    line,
    path,
    target,
    write: async (name, text) => {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), text);
      return path(name);
    },
    read: (name) => readFile(path(name), 'utf8'),
    async entry(file, name, env) {
      const { mcpServers } = JSON.parse(await readFile(path(file), 'utf8')) as {
        readonly mcpServers: Readonly<Record<string, { readonly command: string; readonly args: readonly string[] }>>;
      };
      const found = mcpServers[name];
      if (found === undefined) throw new Error(`${file} has no ${name}`);
      return target(found.command, found.args, env);
    },
    [Symbol.asyncDispose]: () => line[Symbol.asyncDispose](),
  };
}
