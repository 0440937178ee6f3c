import type { Transport } from './server.ts';

const longestName = 63;

/** A name as server names must be (`serverNamePattern`), made from any text; empty when nothing of it can be used. */
export function normalizedName(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, longestName + 1)
    .replace(/^-/, '')
    .slice(0, longestName)
    .replace(/-$/, '');
}

/** `name`, or `name-2`, `name-3`, … if it is taken; takes it. */
export function uniqueName(name: string, taken: Set<string>): string {
  for (let number = 1; ; number++) {
    const suffix = number === 1 ? '' : `-${number}`;
    const candidate = name.slice(0, longestName - suffix.length) + suffix;
    if (taken.has(candidate)) continue;
    taken.add(candidate);
    return candidate;
  }
}

/** A name for a server that came without one: from its package, image, program or host. */
export function nameOf(transport: Transport): string {
  const name =
    transport.type === 'stdio' ? nameOfCommand([transport.command, ...transport.args]) : nameOfHost(transport.url);
  return normalizedName(name) || 'server';
}

const runners =
  /^(?:npx|pnpx|bunx|uvx|pipx|yarn|pnpm|npm|bun|uv|deno|docker|podman|node|tsx|python[\d.]*|py|java|dotnet|dnx|go|cmd|sh|bash|env)$/;
const subcommands = /^(?:run|exec|dlx|tool)$/;
const flagsWithValue =
  /^(?:-e|--env|-v|--volume|--mount|-p|--publish|--name|--network|--from|--with|--directory|--project|-w|--entrypoint|-u|--user)$/;

function nameOfCommand(words: readonly string[]): string {
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? '';
    const program = word.replace(/^.*[\\/]/, '').replace(/\.(?:exe|cmd|bat)$/i, '');
    if (flagsWithValue.test(word)) at++;
    else if (word !== '' && !word.startsWith('-') && !runners.test(program) && !subcommands.test(word))
      return essence(word);
  }
  return (words[0] ?? '').replace(/^.*[\\/]/, '');
}

const tooGeneral = /^(?:index|main|server|cli|app|src|dist|build|bin|lib|out|target|release)?$/;

/** What is left of a package, image or path without scope, version, extension and the words that all of them share. */
function essence(word: string): string {
  const path = word
    .replace(/(?<=.)@[^@/\\]*$/, '')
    .replace(/==.*$/, '')
    .replace(/:[^:/\\]*$/, '')
    .split(/[\\/]/)
    .map((part) => part.replace(/\.(?:[cm]?[jt]s|py|jar|exe|csproj)$/i, ''));
  const named = path.findLast((part) => !tooGeneral.test(part)) ?? path.at(-1) ?? '';
  return named
    .replace(/^(?:mcp[-_.])?(?:server[-_.])?(?=.)/i, '')
    .replace(/(?<=.)[-_.](?:mcp[-_.]server|server|mcp)$/i, '')
    .replace(/(?<=.)[-_.]mcp$/i, '');
}

function nameOfHost(url: string): string {
  const host = URL.parse(url)?.hostname ?? '';
  if (/^[\d.]+$|^\[/.test(host)) return host;
  const labels = host.split('.').filter((label) => !/^(?:www|mcp|api|apis)$/.test(label));
  const name = labels.length > 1 ? labels.at(-2) : labels[0];
  return name ?? host;
}
