// A held call as approvers may see it: what policies take out of it is taken out, secrets are masked whether a policy looks
// for them or not, and what would look like something else is spelled out. Every number keeps its digits.
import { compileInspector, type Inspector } from '../inspection/inspect.ts';
import { TooManyFindings } from '../inspection/scanner.ts';
import { apply } from '../redaction/apply.ts';
import { combineEdits } from '../redaction/combine-edits.ts';
import type { Edit } from '../redaction/edit.ts';
import type { Finding } from '../inspection/finding.ts';
import { memberAt, type Message, parseMessage } from '@mcpvault/protocol/jsonrpc/message';

export interface ShownCall {
  /** Indented JSON. */
  readonly text: string;
  /** Whether there was more than anybody would read. */
  readonly isCut: boolean;
  /** Whether what it is about, such as an address, holds a secret itself, and is told to nobody. */
  readonly hidesTarget: boolean;
}

export interface AskedCall {
  readonly message: Message;
  /** What policies change in it. */
  readonly edits: readonly Edit[];
  /** What their detectors found. */
  readonly findings: readonly Finding[];
}

const longest = 32 * 1024;
const sureEnough = 0.5;
const mostFindings = 1000;
const limits = { maxDepth: 100_000, check: 'structure' } as const;
/** Made when the first call is held. */
let inspector: Inspector | null = null;

export function shownCall({ message, edits, findings }: AskedCall): ShownCall {
  const secrets = secretsIn(message);
  if (secrets === null)
    return { text: '"[redacted: more secrets than can be told apart]"', isCut: true, hidesTarget: true };
  const found = [...findings, ...secrets].filter(({ confidence }) => confidence >= sureEnough);
  // What a token stands for stays a token.
  const shown = edits.filter(({ restores }) => restores !== true);
  const delivered = parseMessage(apply(message.raw, combineEdits([...shown, ...found.map(masked)])), limits);
  const { params } = delivered;
  const given = params === null ? null : (memberAt(delivered.text, params, 'arguments') ?? params);
  const whole = given === null ? '{}' : delivered.textAt(given);
  const text = spelledOut(indented(whole.slice(0, 2 * longest)));
  const { target } = message.marks;
  return {
    text: text.slice(0, longest),
    isCut: text.length > longest || whole.length > 2 * longest,
    hidesTarget: target !== null && found.some(({ start, end }) => start < target.end && target.start < end),
  };
}

/** null where there are too many. */
function secretsIn(message: Message): readonly Finding[] | null {
  inspector ??= compileInspector(['secrets']);
  try {
    return inspector.inspect(message.raw, message.text, mostFindings);
  } catch (error) {
    if (error instanceof TooManyFindings) return null;
    throw error;
  }
}

function masked({ detector, start, end, inNumber }: Finding): Edit {
  const text = `[redacted:${detector}]`;
  const replacement = inNumber === true ? JSON.stringify(text) : text;
  return { start, end, replacement, layer: 'hub', policy: null, reason: 'not for the eyes of others', detector };
}

/** The same JSON over several lines, every value as it was written. */
export function indented(json: string): string {
  let out = '';
  let depth = 0;
  const line = (): string => `\n${'  '.repeat(Math.min(depth, 40))}`;
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|\{\s*\}|\[\s*\]|[{}[\],:]|[^\s{}[\],:"]+/gs)) {
    if (token === '{' || token === '[') {
      depth++;
      out += token + line();
    } else if (token === '}' || token === ']') {
      depth--;
      out += line() + token;
    } else if (token === ',') out += token + line();
    else if (token === ':') out += ': ';
    else out += /^[[{]/.test(token) ? token.replaceAll(/\s/g, '') : token;
  }
  return out;
}

/** What has no shape of its own, or turns around what stands beside it, is written by its number. */
function spelledOut(text: string): string {
  return text.replaceAll(
    /[\p{Cf}\p{Zl}\p{Zp}\u007f-\u009f\u115f\u1160\u17b4\u17b5\u3164\uffa0]|\p{Variation_Selector}/gu,
    (character) => {
      return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
    },
  );
}
