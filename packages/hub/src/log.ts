// The hub's log, on stderr: one JSON object a line, or the same for people to read. Never given secrets or messages.
import type { Log } from '@mcpvault/gateway/ports';
import { type Level, pino, stdSerializers, stdTimeFunctions } from 'pino';

export interface LogOptions {
  readonly level: Level | 'silent';
  readonly format: 'pretty' | 'json';
  write(line: string): void;
}

export function createLog({ level, format, write }: LogOptions): Log {
  const options = {
    level,
    base: null,
    timestamp: stdTimeFunctions.isoTime,
    serializers: { error: stdSerializers.err },
  };
  const logger = pino(
    { ...options, formatters: { level: (label) => ({ level: label }) } },
    { write: format === 'json' ? write : (line) => write(pretty(line)) },
  );
  return logger;
}

/** `12:30:01 warn  the text  name=value`, with a stack below where there is one. */
function pretty(line: string): string {
  const { level, time, msg, error, ...fields } = JSON.parse(line) as Record<string, unknown>;
  const about = Object.entries(fields).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  const stack = (error as { readonly stack?: string } | undefined)?.stack;
  const clock = String(time).slice(11, 19);
  const text = [clock, String(level).padEnd(5), String(msg), ...about].join(' ');
  return stack === undefined ? `${text}\n` : `${text}\n${stack.replace(/^/gm, '    ')}\n`;
}
