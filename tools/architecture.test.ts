// Holds the code to the plan of the house: who may enter which room, what each may use, what things are called.
import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { codeOnly } from './architecture/code-only.ts';
import { cyclesIn } from './architecture/cycles.ts';
import { type Ask, namedBy, readHouse, roomNames, type SourceFile } from './architecture/house.ts';
import { emptyNames, type RoomName, rooms } from './architecture/rooms.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const house = readHouse(root);
const files = [...house.files.values()];
const inRooms = files.filter((file): file is SourceFile & { room: RoomName } => file.room !== undefined);

/** One line for each thing that breaks the rule; the test fails with all of them. */
function expectNone(wrong: readonly string[]): void {
  if (wrong.length > 0) assert.fail(`\n${wrong.join('\n')}`);
}

function at(file: SourceFile, ask: Ask): string {
  return `${file.path}:${ask.line} imports ${ask.specifier}`;
}

test('every room of the table has files, so that no rule holds for lack of anything to break it', () => {
  const empty = roomNames.filter((room) => {
    const isBuilt = existsSync(join(root, 'packages', room)) || rooms[room].planned !== true;
    return isBuilt && !inRooms.some((file) => file.room === room);
  });
  expectNone(empty.map((room) => `packages/${room} holds no source files`));
});

test('the table says of every pair of rooms whether it is open, or why it is closed', () => {
  const wrong = roomNames.flatMap((room) =>
    roomNames
      .filter((other) => other !== room)
      .filter((other) => rooms[room].mayEnter.includes(other) === (rooms[room].closed[other] !== undefined))
      .map((other) => `${room} -> ${other}`),
  );
  expectNone(wrong);
});

test('every package lies in a room of the table', () => {
  const strangers = [...house.manifests.keys()]
    .filter((home) => home.startsWith('packages/'))
    .filter((home) => !roomNames.some((room) => home === `packages/${room}`));
  expectNone(strangers.map((home) => `${home} is not in tools/architecture/rooms.ts`));
});

test('no room enters a room that is closed to it', () => {
  const wrong = inRooms.flatMap((file) =>
    file.asks.flatMap((ask) => {
      if (ask.to.kind !== 'room' || ask.to.room === file.room) return [];
      const why = rooms[file.room].closed[ask.to.room];
      return why === undefined ? [] : [`${at(file, ask)}: ${file.room} may not enter ${ask.to.room}, because ${why}`];
    }),
  );
  expectNone(wrong);
});

test('a room is entered by its package name, never by a path across the wall', () => {
  const wrong = files.flatMap((file) =>
    file.asks
      .filter(({ to }) => to.kind === 'file' && !to.path.startsWith(`${file.home}/`) && !isStarted(file, to.path))
      .map((ask) => at(file, ask)),
  );
  expectNone(wrong);
});

/** Scenarios and benchmarks start the real programs, as anybody would. */
function isStarted(file: SourceFile, path: string): boolean {
  return file.room === undefined && /^packages\/[^/]+\/bin\//.test(path);
}

test('a file within a room is named by its path, not by the room’s own package name', () => {
  const wrong = inRooms.flatMap((file) =>
    file.asks.filter((ask) => ask.to.kind === 'room' && ask.to.room === file.room).map((ask) => at(file, ask)),
  );
  expectNone(wrong);
});

test('each room uses only the parts of Node that are open to it', () => {
  const wrong = inRooms
    .filter((file) => !file.isTest)
    .flatMap((file) => {
      const { node, whyNode } = rooms[file.room];
      if (node === 'all') return [];
      return file.asks
        .filter((ask) => ask.to.kind === 'node' && !node.includes(ask.to.module))
        .map((ask) => `${at(file, ask)}: ${file.room} may not, because ${whyNode}`);
    });
  expectNone(wrong);
});

test('nothing that a browser loads with the contract reaches Node', () => {
  const wrong: string[] = [];
  const seen = new Set<string>();
  const visit = (file: SourceFile, way: readonly string[]): void => {
    if (seen.has(file.path)) return;
    seen.add(file.path);
    const here = [...way, file.path];
    for (const ask of file.asks.filter((each) => each.when !== 'never')) {
      if (ask.to.kind === 'node') wrong.push(`${here.join(' -> ')} imports ${ask.specifier}`);
      const next = ask.to.kind === 'file' || ask.to.kind === 'room' ? house.files.get(ask.to.path) : undefined;
      if (next !== undefined) visit(next, here);
    }
  };
  for (const file of inRooms) if (file.room === 'contract' && !file.isTest) visit(file, []);
  expectNone(wrong);
});

test('each room uses only the libraries that are open to it', () => {
  const wrong = inRooms
    .filter((file) => !file.isTest)
    .flatMap((file) => {
      const { libraries, whyLibraries } = rooms[file.room];
      if (libraries === 'listed') return [];
      return file.asks
        .filter((ask) => ask.to.kind === 'library' && !libraries.includes(ask.to.name))
        .map((ask) => `${at(file, ask)}: ${file.room} may not, because ${whyLibraries}`);
    });
  expectNone(wrong);
});

test('every imported package is named by the importer’s own package.json', () => {
  const shared = namedBy(manifestOf('.'));
  const wrong = files.flatMap((file) => {
    const manifest = manifestOf(file.home);
    const forRunning = { ...manifest.dependencies, ...manifest.optionalDependencies };
    return file.asks.flatMap((ask) => {
      const name = packageOf(ask);
      if (name === undefined || name in forRunning || name === manifest.name) return [];
      const isForWork = file.isTest || ask.when === 'never';
      if (isForWork && (name in namedBy(manifest) || name in shared)) return [];
      return [`${at(file, ask)}: ${name} is not in ${file.home}/package.json`];
    });
  });
  expectNone(wrong);
});

function packageOf(ask: Ask): string | undefined {
  if (ask.to.kind === 'library') return ask.to.name;
  return ask.to.kind === 'room' ? rooms[ask.to.room].packageName : undefined;
}

function manifestOf(
  home: string,
): ReturnType<typeof readHouse>['manifests'] extends ReadonlyMap<string, infer M> ? M : never {
  const manifest = house.manifests.get(home);
  assert.ok(manifest, `${home} has no package.json`);
  return manifest;
}

test('every dependency is one exact version', () => {
  const wrong = [...house.manifests].flatMap(([home, manifest]) =>
    Object.entries(namedBy(manifest))
      .filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))
      .map(([name, version]) => `${home}/package.json: ${name} "${version}"`),
  );
  expectNone(wrong);
});

test('every imported file exists', () => {
  const wrong = files.flatMap((file) =>
    file.asks
      .filter((ask) => (ask.to.kind === 'file' || ask.to.kind === 'room') && !existsSync(join(root, ask.to.path)))
      .map((ask) => at(file, ask)),
  );
  expectNone(wrong);
});

test('no file leads back to itself, except that types of one folder may name each other', () => {
  const arrows = new Map(files.map((file) => [file.path, new Set(leadsTo(file))]));
  expectNone(cyclesIn(arrows).map((cycle) => cycle.join('\n  -> ')));
});

function leadsTo(file: SourceFile): string[] {
  return file.asks.flatMap(({ to, when }) => {
    if ((to.kind !== 'file' && to.kind !== 'room') || when === 'elsewhere') return [];
    const isNeighbour = dirname(to.path) === dirname(file.path);
    return when === 'never' && isNeighbour ? [] : [to.path];
  });
}

test('no room leads back to itself', () => {
  const allowed = new Map(roomNames.map((room) => [room as string, new Set<string>(rooms[room].mayEnter)]));
  expectNone(cyclesIn(allowed).map((cycle) => cycle.join(' -> ')));
});

test('every source file is used by another, or is a way in', () => {
  const used = new Set(
    files.flatMap((file) => file.asks.flatMap(({ to }) => (to.kind === 'file' || to.kind === 'room' ? [to.path] : []))),
  );
  const isWayIn = (path: string): boolean => /\/(main\.tsx?|bin\/[^/]+\.mjs)$|\.d\.ts$/.test(path);
  const alone = inRooms.filter((file) => !file.isTest && !used.has(file.path) && !isWayIn(file.path));
  expectNone(alone.map((file) => `${file.path} is used by nothing`));
});

test('names say what is inside', () => {
  const wrong = files.flatMap(({ path }) => {
    const segments = path.split('/').map((segment) => segment.replace(/\..*$/, ''));
    const empty = segments.flatMap((segment) => segment.split('-')).find((word) => emptyNames.includes(word));
    return empty === undefined ? [] : [`${path}: "${empty}" says nothing`];
  });
  expectNone(wrong);
});

test('a folder is entered by its files, not by an index', () => {
  expectNone(files.filter(({ path }) => /(^|\/)index\.\w+$/.test(path)).map(({ path }) => path));
});

test('file names are kebab-case', () => {
  const kebab = /^[a-z0-9]+(-[a-z0-9]+)*(\.(d|db|test|e2e|config))*\.(ts|tsx|mjs)$/;
  expectNone(files.map(({ path }) => path).filter((path) => !kebab.test(path.split('/').at(-1) ?? '')));
});

test('the time of day is handed in, not taken', () => {
  const wrong = inRooms
    .filter((file) => !file.isTest && file.room !== 'console' && !/\/(main|compose)\.ts$/.test(file.path))
    .filter((file) => /\bnew Date\(\s*\)|(?<!new )\bDate\(\)/.test(codeOnly(file.source, false)));
  expectNone(wrong.map((file) => `${file.path} asks the ambient clock: take a Clock`));
});

test('the lock names no registry', () => {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  assert.doesNotMatch(lock, /"resolved": "http/);
});
