// How a command speaks: the result on stdout, as a table for people or as JSON for programs, and everything else on stderr.
import type { CommandFailure } from '../command-failure.ts';
import type { Io } from '../io.ts';
import { safeJson, safeText } from './safe-text.ts';
import { createStyle, type Style, wantsColor } from './style.ts';

export type Format = 'table' | 'json';

export interface Output {
  readonly format: Format;
  /** Colours of stdout. */
  readonly style: Style;
  /** Width of stdout's terminal in cells; undefined when it is none. */
  readonly width: number | undefined;
  /** The result of the command: `data` as JSON, or what `render` makes of it for people. */
  result(data: unknown, render: () => string): void;
  /** One of a stream of results: one line of JSON, or what `render` makes of it. */
  item(data: unknown, render: () => string): void;
  /** For people, silenced by --quiet and --json. */
  note(text: string): void;
  /** What a person has to do before the command goes on, even with --quiet: `data` as one line of JSON, or the text. */
  prompt(data: unknown, text: string): void;
  /** For people even with --quiet, such as that a connection is not encrypted. */
  warn(text: string): void;
  fail(failure: CommandFailure): void;
}

export function createOutput(io: Io, settings: { readonly format: Format; readonly quiet: boolean }): Output {
  const style = createStyle(wantsColor(io.stdout, io.env));
  const noteStyle = createStyle(wantsColor(io.stderr, io.env));
  const json = settings.format === 'json';
  const say = (text: string): void => void io.stderr.write(`${text}\n`);
  const put = (text: string): void => {
    if (text !== '') io.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
  };
  return {
    format: settings.format,
    style,
    width: io.stdout.isTTY ? io.stdout.columns : undefined,
    result: (data, render) => put(json ? safeJson(data, 2) : render()),
    item: (data, render) => put(json ? safeJson(data) : render()),
    note: (text) => {
      if (!settings.quiet && !json) say(safeText(text));
    },
    prompt: (data, text) => say(json ? safeJson(data) : safeText(text)),
    warn: (text) => say(json ? safeJson({ warning: text }) : `${noteStyle('yellow', 'Warning:')} ${safeText(text)}`),
    fail: (failure) => {
      if (json) {
        const { code, message, fix, requestId } = failure;
        say(safeJson({ error: { code, message, fix, ...(requestId === null ? {} : { requestId }) } }));
        return;
      }
      say(`${noteStyle('red', 'Error:')} ${safeText(failure.message)}`);
      if (failure.fix !== null) say(`  ${safeText(failure.fix)}`);
    },
  };
}
