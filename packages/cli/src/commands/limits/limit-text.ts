import type { OutputOf } from '@mcpvault/contract/operation';
import type { Operations } from '@mcpvault/contract/operations';
import { usageFailure } from '../../command-failure.ts';
import { safeLine } from '../../output/safe-text.ts';

export type Limit = OutputOf<Operations['createLimit']>;

export const periods = ['second', 'minute', 'hour', 'day', 'month'] as const;

/** `100/minute`, as it is given and shown. */
export function readAmount(text: string): { readonly calls: number; readonly per: Limit['per'] } {
  const [, digits = '', period = ''] = /^(\d{1,10})\s*\/\s*([a-z]+)$/i.exec(text.trim()) ?? [];
  const per = periods.find((each) => each === period.toLowerCase());
  if (digits !== '' && per !== undefined) return { calls: Number(digits), per };
  throw usageFailure(
    `${text} is no amount.`,
    `Give calls and a period, such as 100/minute; periods are ${periods.join(', ')}.`,
  );
}

export function readCount(text: string): number {
  if (/^\d{1,10}$/.test(text.trim())) return Number(text);
  throw usageFailure(`${text} is no number of calls.`, 'Give a whole number, such as 20.');
}

export function amountText({ calls, per, burst }: Limit): string {
  return `${calls}/${per}${burst === null || burst === calls ? '' : `, ${burst} at once`}`;
}

export function whoseText({ subject }: Limit): string {
  if (subject.type === 'organization') return 'the organization';
  return subject.id === null ? `each ${subject.type}` : `${subject.type} ${safeLine(subject.label ?? subject.id)}`;
}

export function whatText({ server, tools }: Limit): string {
  const of = server === null ? 'every server' : server.name;
  return tools === null ? of : `${tools.map(safeLine).join(', ')} of ${of}`;
}

/** Of whoever has least left. */
export function useText({ use }: Limit): string {
  const [most] = use;
  if (most === undefined) return 'nothing';
  const whose = most.subject === null ? '' : ` (${safeLine(most.subject.label)})`;
  return `${most.used}, ${most.left} left${whose}`;
}
