import type { ConfigFormat } from '../catalogue/client.ts';
import type { ConfigTree } from './config-tree.ts';
import { readJsonTree } from './json-tree.ts';
import { readTomlTree } from './toml-tree.ts';
import { readYamlTree } from './yaml-tree.ts';

export type ReadableFormat = Exclude<ConfigFormat, 'opaque'>;

/** Throws `MalformedConfig`. `text` has no byte-order mark. */
export function readTree(text: string, format: ReadableFormat): ConfigTree {
  if (format === 'yaml') return readYamlTree(text);
  return format === 'toml' ? readTomlTree(text) : readJsonTree(text, format);
}
