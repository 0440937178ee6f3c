// Secrets that stand in a client's config for everyone to read. The detectors of messages look first; beside them the names
// of settings are believed, because in a config even a short or wordy value behind `API_KEY` is a key.
import { compileInspector } from '@mcpvault/domain/inspection/inspect';
import { type ConfigNode, pointerTo } from '../reading/config-tree.ts';

export interface PlainSecret {
  /** Pointer within the node that was searched. */
  readonly pointer: string;
  /** The detector that saw it, or `secret-by-name`. */
  readonly kind: string;
  readonly confidence: number;
}

const inspector = compileInspector(['secrets']);
/** More than any config holds; what lies behind is found once these are mended. */
const mostFindings = 1000;

export function plainSecrets(node: ConfigNode): readonly PlainSecret[] {
  const found = new Map<string, PlainSecret>();
  const raw = Buffer.from(jsonOf(node), 'utf8');
  for (const { pointer, detector, confidence } of inspector.inspect(raw, undefined, mostFindings)) {
    const before = found.get(pointer);
    if (before === undefined || before.confidence < confidence)
      found.set(pointer, { pointer, kind: detector, confidence });
  }
  for (const pointer of namedSecrets(node, [], '')) {
    if (!found.has(pointer)) found.set(pointer, { pointer, kind: 'secret-by-name', confidence: 0.6 });
  }
  return [...found.values()];
}

/** The node as JSON text, for the detectors; numbers and dates as strings. */
function jsonOf(node: ConfigNode): string {
  if (node.kind === 'scalar') return JSON.stringify(node.value);
  if (node.kind === 'list') return `[${node.items.map(jsonOf).join(',')}]`;
  return `{${node.members.map(({ key, value }) => `${JSON.stringify(key)}:${jsonOf(value)}`).join(',')}}`;
}

const secretName =
  /(?:token|secret|password|passwd|passphrase|api[_-]?key|apikey|(?:access|private|auth|account|license|signing)[_-]?key|authorization|credentials?)$/i;
/** `--api-key` and `--api-key=…`. */
const secretFlag = /^--?[\w-]*(?:token|secret|password|passwd|api-?key|access-?key)(?:=(.*))?$/is;

function* namedSecrets(node: ConfigNode, path: readonly (string | number)[], name: string): Generator<string> {
  if (node.kind === 'map') {
    for (const { key, value } of node.members) yield* namedSecrets(value, [...path, key], key);
  } else if (node.kind === 'list') {
    for (const [index, item] of node.items.entries()) {
      const before = node.items[index - 1];
      const flag = before?.kind === 'scalar' && before.isString ? secretFlag.exec(String(before.value)) : null;
      yield* namedSecrets(item, [...path, index], flag !== null && flag[1] === undefined ? 'token' : '');
    }
  } else if (node.isString && typeof node.value === 'string') {
    const joined = secretFlag.exec(node.value)?.[1];
    const isNamed = secretName.test(name) && isLiteral(node.value);
    if (isNamed || (joined !== undefined && isLiteral(joined))) yield pointerTo(path);
  }
}

const reference = /\$\{|\$\(|\{\{|\{(?:env|file):|%[A-Za-z_]+%|^\$[A-Za-z_]/;
const place = /^(?:[~.]{0,2}[\\/]|[A-Za-z]:[\\/]|https?:\/\/)/;
const blank = /^(?:|true|false|null|none|oauth|bearer|[xX*.…<>_-]+|<.*>|your[_-].*)$/i;

/** Something is written there, and it is neither a reference to elsewhere nor a gap to be filled. */
export function isLiteral(value: string): boolean {
  const bare = value.replace(/^(?:Bearer|Basic|Token)\s+/i, '').trim();
  return !blank.test(bare) && !reference.test(value) && !place.test(bare);
}
