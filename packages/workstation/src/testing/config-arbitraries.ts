// Configs as people and clients might write them: any dialect, any names, any other settings around, in every format.
import fc from 'fast-check';
import { stringify as tomlText } from 'smol-toml';
import { stringify as yamlText } from 'yaml';
import { type Dialect, type DialectName, dialectNamed, dialects } from '../catalogue/dialects.ts';
import type { EntryAddress } from '../editing/entry-address.ts';
import type { ReadableFormat } from '../reading/read-tree.ts';

export interface GeneratedConfig {
  readonly text: string;
  readonly format: ReadableFormat;
  readonly addresses: readonly EntryAddress[];
}

const word = fc.stringMatching(/^[a-z][a-z0-9]{0,7}$/);
/** Names with spaces, dots, quotes, other alphabets, and those that parsers trip over. */
const name = fc.oneof(
  word,
  fc.constantFrom(
    '__proto__',
    'constructor',
    'a.b',
    'sql server (prod)',
    'заметки',
    'quote"d',
    "it's",
    'x/y~z',
    '🙂',
    '0',
    'true',
  ),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 6 })
    .filter((text) => !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\ufeff]/u.test(text)),
);
const value = fc.oneof(
  word,
  fc.string({ maxLength: 12 }).filter((text) => !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)),
  fc.constant('${env:TOKEN}'),
);
const words = fc.array(value, { maxLength: 3 });
const texts = fc.dictionary(word, value, { maxKeys: 2 });

/** Settings that are the client’s own. */
const foreign = fc.dictionary(
  fc.constantFrom('timeout', 'autoApprove', 'note', 'trust', 'metadata', 'x-own'),
  fc.oneof(fc.integer({ min: 0, max: 9_000 }), fc.boolean(), value, words, texts),
  { maxKeys: 3 },
);

type Entry = Readonly<Record<string, unknown>>;

function entryOf(dialect: Dialect): fc.Arbitrary<Entry> {
  const typed = (text: string): Entry => (dialect.type === undefined ? {} : { [dialect.type]: text });
  const byCommand = fc
    .record({ command: word, args: words, env: texts, isBare: fc.boolean() })
    .map(({ command, args, env, isBare }) => {
      const line: Entry =
        dialect.argv === true
          ? { [dialect.command]: [command, ...args] }
          : { [dialect.command]: command, [dialect.args]: args };
      const type = dialect.typeOfCommand === undefined || isBare ? {} : typed(dialect.typeOfCommand);
      return { ...type, ...line, [dialect.env]: env };
    });
  const [url = 'url'] = dialect.urls;
  const byUrl = fc.record({ path: word, headers: texts }).map(({ path, headers }) => {
    const nested = dialect.headers.toReversed().reduce<unknown>((inner, key) => ({ [key]: inner }), headers);
    const [first = 'headers'] = dialect.headers;
    return { ...typed('http'), [url]: `https://mcp.example/${path}`, [first]: nested };
  });
  return fc.tuple(fc.oneof(byCommand, byUrl), foreign, fc.boolean()).map(([core, own, first]) => {
    const whole = first ? { ...own, ...core } : { ...core, ...own };
    const required = dialect.typeIsRequired === true && dialect.type !== undefined && !(dialect.type in whole);
    const typedWhole = required ? { ...typed(dialect.typeOfCommand ?? ''), ...whole } : whole;
    return dialect.wrapper === undefined || first ? typedWhole : { [dialect.wrapper]: core, ...own };
  });
}

const names = Object.keys(dialects) as DialectName[];

export function configOf(format: ReadableFormat): fc.Arbitrary<GeneratedConfig> {
  const fitting = names.filter((each) => format !== 'toml' || each === 'codex' || each === 'vibe');
  return fc
    .constantFrom(...fitting)
    .chain((dialectName) => {
      const dialect = dialectNamed(dialectName);
      const entries = fc.uniqueArray(fc.tuple(name, entryOf(dialect)), {
        selector: ([key]) => key,
        minLength: 1,
        maxLength: 3,
      });
      return fc.record({ entries, around: foreign, style: styleOf(format), dialectName: fc.constant(dialectName) });
    })
    .map(({ entries, around, style, dialectName }) => {
      const { nameMember } = dialectNamed(dialectName);
      const servers =
        nameMember === undefined
          ? Object.fromEntries(entries)
          : entries.map(([each, entry]) => ({ [nameMember]: each, ...entry }));
      // With a name of its own, `__proto__` is a key like any other.
      const own =
        nameMember === undefined ? entries.reduce((into, [key, entry]) => define(into, key, entry), {}) : servers;
      const text = written({ ...around, mcpServers: own, behind: around }, format, style);
      const addresses = entries.map(([each]) => ({ container: ['mcpServers'], name: each, dialect: dialectName }));
      return { text, format, addresses };
    });
}

function define(into: object, key: string, entry: unknown): object {
  return Object.defineProperty(into, key, { value: entry, enumerable: true, configurable: true, writable: true });
}

interface Style {
  readonly indent: string;
  readonly eol: string;
  readonly isCommented: boolean;
  readonly hasTrailingCommas: boolean;
  readonly endsLine: boolean;
}

function styleOf(format: ReadableFormat): fc.Arbitrary<Style> {
  const free = format === 'jsonc' || format === 'json5';
  return fc.record({
    indent: format === 'yaml' ? fc.constantFrom('  ', '    ') : fc.constantFrom('', '  ', '    ', '\t'),
    eol: fc.constantFrom('\n', '\r\n'),
    isCommented: format === 'json' ? fc.constant(false) : fc.boolean(),
    hasTrailingCommas: free ? fc.boolean() : fc.constant(false),
    endsLine: fc.boolean(),
  });
}

function written(content: object, format: ReadableFormat, style: Style): string {
  const lines = textOf(content, format, style).trimEnd().split('\n');
  const comment = format === 'yaml' || format === 'toml' ? '#' : '//';
  const noted =
    style.isCommented && lines.length > 1 ? lines.flatMap((line, at) => withComment(line, at, comment)) : lines;
  return `${noted.join(style.eol)}${style.endsLine ? style.eol : ''}`;
}

/** A comment in front of every third line, and behind every fifth that ends a value. */
function withComment(line: string, at: number, comment: string): readonly string[] {
  const indent = /^[ \t]*/.exec(line)?.[0] ?? '';
  const own = at % 3 === 1 && /^[\s"\]}\w[-]/.test(line) ? [`${indent}${comment} keep me ${at}`] : [];
  return [...own, at % 5 === 2 && /["\d,\]}]$/.test(line) ? `${line} ${comment} and me ${at}` : line];
}

function textOf(content: object, format: ReadableFormat, { indent, hasTrailingCommas }: Style): string {
  if (format === 'yaml')
    return yamlText(content, { indent: indent.length, lineWidth: 0, blockQuote: false, aliasDuplicateObjects: false });
  if (format === 'toml') return tomlText(content as Record<string, unknown>);
  const text = JSON.stringify(content, null, indent);
  return hasTrailingCommas && indent !== '' ? text.replace(/([^,{[\s])\n(\s*[}\]])/g, '$1,\n$2') : text;
}
