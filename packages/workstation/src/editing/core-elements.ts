// The core elements of an entry, by its dialect: where they are written, what they must become for a server to be reached
// through MCPVault, and what they were. Nothing else of an entry is ever looked at with the intent to change it.
import { type Dialect, type DialectName, dialectNamed } from '../catalogue/dialects.ts';
import { type ConfigNode, type MapNode, memberOf, stringOf } from '../reading/config-tree.ts';
import type { Change, NodePath } from './edit-document.ts';
import { isPlainMap, type Plain, plainOf } from './plain.ts';

/** How a client starts the bridge: an absolute path, because clients with a window know a short PATH only. */
export interface BridgeCommand {
  readonly command: string;
  readonly args: readonly string[];
}

/** One core element: the member of a map within the entry. */
export interface CoreElement {
  /** From the entry. */
  readonly map: NodePath;
  readonly key: string;
  readonly value: Plain | undefined;
}

/** Everything that may say how the server is reached, in the order in which it is changed. */
export function coreElements(entry: ConfigNode, dialectName: DialectName): readonly CoreElement[] {
  const dialect = dialectNamed(dialectName);
  const base = basePath(entry, dialect);
  const core = coreMap(entry, base);
  const inner = dialect.commandObject;
  const command = memberOf(core, dialect.command)?.value;
  const isObject = inner !== undefined && command?.kind === 'map';
  const at = isObject ? [...base, dialect.command] : base;
  const commands = isObject ? [inner.command, inner.args, inner.env] : commandMembers(dialect);
  const headers = [...base, ...dialect.headers.slice(0, -1)];
  const places: readonly (readonly [NodePath, string | undefined])[] = [
    ...commands.map((key) => [at, key] as const),
    [base, dialect.type],
    [base, dialect.oldType],
    ...dialect.urls.map((key) => [base, key] as const),
    [headers, dialect.headers.at(-1)],
    ...(dialect.onlyWithUrl ?? []).map((key) => [base, key] as const),
  ];
  return places.flatMap(([map, key]) => (key === undefined ? [] : [{ map, key, value: valueAt(entry, map, key) }]));
}

/** The changes that make an entry run the bridge, relative to the entry. None where it does already. */
export function bridgeChanges(
  entry: ConfigNode,
  dialectName: DialectName,
  bridge: BridgeCommand,
  keepsEnv: (value: string) => boolean,
): readonly Change[] {
  const dialect = dialectNamed(dialectName);
  const base = basePath(entry, dialect);
  const core = coreMap(entry, base);
  const inner = dialect.commandObject;
  const isObject = inner !== undefined && memberOf(core, dialect.command)?.value.kind === 'map';
  const at = isObject ? [...base, dialect.command] : base;
  const names = isObject ? inner : dialect;
  const present = coreElements(entry, dialectName).filter(({ value }) => value !== undefined);
  const first = present.filter(({ map }) => map.length === at.length).map(({ key }) => key);
  const before = { side: 'before', keys: [...dialect.urls, ...first] } as const;
  const behind = { side: 'after', keys: [names.command] } as const;
  const line = [bridge.command, ...bridge.args];
  const starts: readonly Change[] =
    dialect.argv === true
      ? [{ map: at, key: names.command, value: line, beside: before }]
      : [
          { map: at, key: names.command, value: bridge.command, beside: before },
          { map: at, key: names.args, value: bridge.args, beside: behind },
        ];
  return [
    ...starts,
    ...envChanges(entry, at, names.env, keepsEnv),
    ...typeChanges(core, base, dialect, behind),
    ...takenAway(present, dialect, base),
  ];
}

/** Values that only the client can fill in stay where they are; the others move out of the file. */
function envChanges(
  entry: ConfigNode,
  at: NodePath,
  key: string,
  keeps: (value: string) => boolean,
): readonly Change[] {
  const env = mapAt(entry, [...at, key]);
  if (env === undefined || env.members.length === 0) return [];
  const isKept = ({ value }: { readonly value: ConfigNode }): boolean => {
    const text = stringOf(value);
    return text !== undefined && keeps(text);
  };
  if (!env.members.some(isKept)) return [{ map: at, key, value: undefined }];
  const leaving = env.members.filter((member) => !isKept(member));
  return leaving.map((member) => ({ map: [...at, key], key: member.key, value: undefined }));
}

function typeChanges(
  core: MapNode | undefined,
  base: NodePath,
  dialect: Dialect,
  beside: Change['beside'],
): readonly Change[] {
  const { type, oldType, typeOfCommand, typeIsRequired } = dialect;
  const changes: Change[] = [];
  const place = beside === undefined ? {} : { beside };
  const hasOld = oldType !== undefined && memberOf(core, oldType) !== undefined;
  if (hasOld) changes.push({ map: base, key: oldType, value: typeOfCommand });
  if (type === undefined) return changes;
  const isThere = memberOf(core, type) !== undefined;
  if (isThere || (typeIsRequired === true && !hasOld))
    changes.push({ map: base, key: type, value: typeOfCommand, ...place });
  return changes;
}

function takenAway(present: readonly CoreElement[], dialect: Dialect, base: NodePath): readonly Change[] {
  const keys: readonly (string | undefined)[] = [
    ...dialect.urls,
    dialect.headers.at(-1),
    ...(dialect.onlyWithUrl ?? []),
  ];
  return present
    .filter(({ map, key }) => keys.includes(key) && map.length >= base.length)
    .filter(({ key, value }) => !(key === dialect.headers.at(-1) && value !== undefined && isEmpty(value)))
    .map(({ map, key }) => ({ map, key, value: undefined }));
}

function isEmpty(value: Plain): boolean {
  return isPlainMap(value) && value.members.length === 0;
}

function commandMembers({ command, args, env, argv }: Dialect): readonly string[] {
  return argv === true ? [command, env] : [command, args, env];
}

function basePath(entry: ConfigNode, { wrapper }: Dialect): NodePath {
  return wrapper !== undefined && memberOf(entry, wrapper)?.value.kind === 'map' ? [wrapper] : [];
}

function coreMap(entry: ConfigNode, base: NodePath): MapNode | undefined {
  return mapAt(entry, base);
}

function mapAt(entry: ConfigNode, path: NodePath): MapNode | undefined {
  const node = path.reduce<ConfigNode | undefined>((at, key) => memberOf(at, String(key))?.value, entry);
  return node?.kind === 'map' ? node : undefined;
}

function valueAt(entry: ConfigNode, map: NodePath, key: string): Plain | undefined {
  const found = memberOf(mapAt(entry, map), key);
  return found === undefined ? undefined : plainOf(found.value);
}
