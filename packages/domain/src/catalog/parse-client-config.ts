// Reads what people paste when they want to add servers: the configuration file of any AI client or a piece of one, an
// install link, a URL, or a command line. It only reads: nothing is run, fetched or looked up, and no value of an
// environment or header is ever repeated in a problem. Safe for browsers.

import { commandLineConfig } from './command-line-config.ts';
import { isObject, type Json, JsoncError, type JsonObject, parseJsonc } from './jsonc.ts';
import type { Transport } from './server.ts';
import { nameOf, normalizedName, uniqueName } from './server-name.ts';
import { looksLikeEntry, type ReadEntry, transportOfEntry } from './transport-of-entry.ts';

export interface ConfiguredServer {
  /** Fits `serverNamePattern` and is unique among the servers found. */
  readonly name: string;
  /** As it was written; the same as `name` where the text gave none. */
  readonly originalName: string;
  readonly transport: Transport;
}

export interface ConfigProblem {
  /** The server's original name; null when it is about the whole text. A server with a problem may still be usable. */
  readonly name: string | null;
  readonly problem: string;
  readonly fix: string;
}

export interface ClientConfig {
  readonly servers: readonly ConfiguredServer[];
  readonly problems: readonly ConfigProblem[];
}

interface Entry extends ReadEntry {
  /** null when the text gave none. */
  readonly name: string | null;
}

export function parseClientConfig(text: string): ClientConfig {
  const pasted = text.replace(/^\ufeff/, '').trim();
  if (pasted === '') return wrong('There is nothing to read.', 'Paste a configuration, a URL or a command.');
  if (pasted.includes('\0'))
    return wrong(
      'The text is not readable: it looks like UTF-16.',
      'Open the file in an editor and copy the text from there.',
    );
  try {
    return collected(entriesOf(pasted));
  } catch (error) {
    if (error instanceof JsoncError)
      return wrong(
        `The text is not complete JSON. ${error.message}`,
        'Copy the configuration again, with all of its brackets.',
      );
    throw error;
  }
}

function wrong(problem: string, fix: string): ClientConfig {
  return { servers: [], problems: [{ name: null, problem, fix }] };
}

function entriesOf(pasted: string): readonly Entry[] | Omit<ConfigProblem, 'name'> {
  if (/^(?:\{|\[(?!\s*[A-Za-z_]+[.\]])|\/[/*])/.test(pasted)) return serversIn(parseJsonc(pasted));
  if (/^(?:"[^"\n]*"|[A-Za-z_][\w-]*|'[^'\n]*')\s*:\s*[{[]/.test(pasted))
    return serversIn(parseJsonc(`{${pasted.replace(/,$/, '')}}`));
  if (/^https?:\/\/\S+$/.test(pasted)) return [{ name: null, ...transportOfEntry(entryOfUrl(pasted)) }];
  const link = /^(?:cursor|vscode|vscode-insiders):\S*?mcp\/install\?(\S+)$/.exec(pasted)?.[1];
  if (link !== undefined) return installLink(link);
  if (/^\[{1,2}[A-Za-z_]/m.test(pasted))
    return {
      problem: 'This looks like TOML, which is not read here.',
      fix: 'Paste the command or the URL of the server.',
    };
  if (/^[A-Za-z_]+:\s*(?:$|#)/m.test(pasted))
    return {
      problem: 'This looks like YAML, which is not read here.',
      fix: 'Paste the command or the URL of the server.',
    };
  return pasted
    .replaceAll(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '' && !line.trim().startsWith('#'))
    .map(commandLineConfig);
}

const entryOfUrl = (url: string): Json => ({ members: [{ key: 'url', value: url }] });

/** `…/mcp/install?name=x&config=<base64 JSON>` of Cursor, or `…mcp/install?<JSON>` of VS Code, percent-encoded. */
function installLink(query: string): readonly Entry[] | Omit<ConfigProblem, 'name'> {
  const parameters = new URLSearchParams(query);
  const config = parameters.get('config');
  try {
    const entry = parseJsonc(config === null ? decodeURIComponent(query) : decodedBase64(config));
    return [{ name: parameters.get('name') ?? nameIn(entry), ...transportOfEntry(entry) }];
  } catch (error) {
    if (error instanceof JsoncError || error instanceof URIError || error instanceof DOMException)
      return { problem: 'The install link cannot be read.', fix: 'Copy the whole link again.' };
    throw error;
  }
}

function decodedBase64(text: string): string {
  const bytes = Uint8Array.from(atob(text.replaceAll(' ', '+')), (character) => character.charCodeAt(0));
  return new TextDecoder().decode(bytes);
}

function serversIn(root: Json): readonly Entry[] | Omit<ConfigProblem, 'name'> {
  if (looksLikeEntry(root)) return [{ name: nameIn(root), ...transportOfEntry(root) }];
  const all = containersIn(root, 0);
  // Settings may also mention servers by name; what describes none is passed over unless there is nothing else.
  const maps = all.some(holdsEntries) ? all.filter(holdsEntries) : all;
  if (maps.length > 0) {
    const entries = maps.flatMap(entriesIn);
    return entries.length > 0
      ? entries
      : { problem: 'The configuration has no servers in it.', fix: 'Copy it from a client that has some.' };
  }
  if (holdsEntries(root)) return entriesIn(root);
  return {
    problem: 'No servers were found in this configuration.',
    fix: 'Servers stand under "mcpServers", "servers", "context_servers" or "mcp".',
  };
}

function holdsEntries(value: Json): boolean {
  if (Array.isArray(value)) return value.some(looksLikeEntry);
  return isObject(value) && value.members.some((one) => looksLikeEntry(one.value));
}

const deepestContainer = 6;

/** Every value that holds servers, as the clients name them, in the order of the text. */
function containersIn(value: Json, depth: number): readonly Json[] {
  if (!isObject(value) || depth > deepestContainer) return [];
  return value.members.flatMap(({ key, value: inner }) => {
    if (/(?:^|\.)(?:mcpServers|context_servers|mcp_servers)$/.test(key)) return [inner];
    if (key === 'servers' && isObject(inner) && inner.members.every(({ value: one }) => isObject(one))) return [inner];
    if (key === 'mcp' && isObject(inner) && inner.members.some(({ value: one }) => looksLikeEntry(one))) return [inner];
    return containersIn(inner, depth + 1);
  });
}

function entriesIn(container: Json): readonly Entry[] {
  if (Array.isArray(container)) return container.map((entry) => ({ name: nameIn(entry), ...transportOfEntry(entry) }));
  if (!isObject(container))
    return [
      {
        name: null,
        transport: null,
        concerns: [{ problem: 'The list of servers is neither an object nor a list.', fix: 'Copy it again.' }],
      },
    ];
  return container.members.map(({ key, value }, index) =>
    container.members.some((later, at) => at > index && later.key === key)
      ? {
          name: key,
          transport: null,
          concerns: [
            { problem: 'The name is used twice; the later entry counts.', fix: 'Give one of them another name.' },
          ],
        }
      : { name: key, ...transportOfEntry(value) },
  );
}

function nameIn(entry: Json): string | null {
  const name = isObject(entry) ? (entry as JsonObject).members.find(({ key }) => key === 'name')?.value : undefined;
  return typeof name === 'string' && name.trim() !== '' ? name : null;
}

function collected(found: readonly Entry[] | Omit<ConfigProblem, 'name'>): ClientConfig {
  if ('problem' in found) return wrong(found.problem, found.fix);
  const taken = new Set<string>();
  const servers: ConfiguredServer[] = [];
  const problems: ConfigProblem[] = [];
  for (const { name: written, transport, concerns } of found) {
    let original = written;
    if (transport !== null) {
      const name = uniqueName((written !== null && normalizedName(written)) || nameOf(transport), taken);
      original ??= name;
      servers.push({ name, originalName: original, transport });
    }
    for (const concern of concerns) problems.push({ name: original, ...concern });
  }
  return { servers, problems };
}
