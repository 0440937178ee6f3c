// Reads every source file of the clone once and knows what each asks for: the ground on which the architecture test stands.
import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { type Import, importsOf } from './imports-of.ts';
import { type RoomName, rooms } from './rooms.ts';

export interface SourceFile {
  /** Relative to the root, with slashes. */
  readonly path: string;
  /** `packages/domain`, `e2e`, `bench` or `tools`. */
  readonly home: string;
  /** The room it lies in; undefined for e2e, bench and tools. */
  readonly room: RoomName | undefined;
  /** Test files and whatever else runs in tests only. */
  readonly isTest: boolean;
  readonly source: string;
  readonly asks: readonly Ask[];
}

/** An import with its meaning. */
export interface Ask extends Import {
  readonly to:
    | { readonly kind: 'node'; readonly module: string }
    | { readonly kind: 'library'; readonly name: string }
    | { readonly kind: 'room'; readonly room: RoomName; readonly path: string }
    | { readonly kind: 'file'; readonly path: string };
}

export interface Manifest {
  readonly name: string;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly optionalDependencies: Readonly<Record<string, string>>;
}

export interface House {
  readonly files: ReadonlyMap<string, SourceFile>;
  /** By home; the root's under '.'. */
  readonly manifests: ReadonlyMap<string, Manifest>;
}

const sources = ['packages/*/{src,bin}/**/*.{ts,tsx,mjs}', '{e2e,bench,tools}/**/*.{ts,mjs}'];

export function readHouse(root: string): House {
  const paths = globSync(sources, { cwd: root, exclude: ['**/node_modules/**', '**/dist/**'] });
  const files = paths.toSorted().map((path) => readSource(root, path.replaceAll('\\', '/')));
  const homes = ['.', ...globSync('packages/*', { cwd: root }), 'e2e', 'bench', 'tools'];
  return {
    files: new Map(files.map((file) => [file.path, file])),
    manifests: new Map(homes.map((home) => [home, readManifest(root, home)])),
  };
}

/** All that a manifest names, whatever for. */
export function namedBy(manifest: Manifest): Readonly<Record<string, string>> {
  return { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
}

function readSource(root: string, path: string): SourceFile {
  const source = readFileSync(join(root, path), 'utf8');
  const home = path.startsWith('packages/') ? path.split('/').slice(0, 2).join('/') : (path.split('/')[0] ?? '');
  const room = roomAt(home);
  return {
    path,
    home,
    room,
    isTest: room === undefined || path.endsWith('.test.ts') || /\/(testing|fixtures)\//.test(path),
    source,
    asks: importsOf(source).map((each) => ({ ...each, to: meaningOf(path, each.specifier) })),
  };
}

function roomAt(home: string): RoomName | undefined {
  return roomNames.find((name) => home === `packages/${name}`);
}

export const roomNames = Object.keys(rooms) as RoomName[];

function meaningOf(from: string, specifier: string): Ask['to'] {
  if (specifier.startsWith('.')) return { kind: 'file', path: normalize(join(dirname(from), specifier)) };
  if (specifier.startsWith('node:')) return { kind: 'node', module: specifier.slice('node:'.length) };
  const parts = specifier.split('/');
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/');
  const room = roomNames.find((each) => rooms[each].packageName === name);
  if (room === undefined) return { kind: 'library', name };
  return { kind: 'room', room, path: `packages/${room}/src/${specifier.slice(name.length + 1)}.ts` };
}

function readManifest(root: string, home: string): Manifest {
  const read = JSON.parse(readFileSync(join(root, home, 'package.json'), 'utf8')) as Partial<Manifest>;
  return {
    name: read.name ?? '',
    dependencies: read.dependencies ?? {},
    devDependencies: read.devDependencies ?? {},
    optionalDependencies: read.optionalDependencies ?? {},
  };
}
