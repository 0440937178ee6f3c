import type { MessageValues } from '../expression/message-variables.ts';
import type { ToolFacts } from './message-facts.ts';

/** Of a tool that is not known nothing good is assumed. */
export function toolValues(name: string, tool: ToolFacts | null, now: number): MessageValues['tool'] {
  if (name === '') return noTool;
  const readOnly = tool?.readOnly ?? false;
  const destructive = tool?.destructive ?? !readOnly;
  return {
    name,
    known: tool !== null,
    description: tool?.description ?? '',
    read_only: readOnly,
    destructive,
    idempotent: tool?.idempotent ?? false,
    open_world: tool?.openWorld ?? true,
    classification: readOnly ? 'read' : destructive ? 'destructive' : 'write',
    fingerprint: tool?.fingerprint ?? '',
    approved: tool?.approved === true,
    age: tool?.firstSeen == null ? 0n : seconds(now - tool.firstSeen),
  };
}

const noTool: MessageValues['tool'] = {
  name: '',
  known: false,
  description: '',
  read_only: false,
  destructive: false,
  idempotent: false,
  open_world: false,
  classification: '',
  fingerprint: '',
  approved: false,
  age: 0n,
};

/** Whole ones, of milliseconds. */
export function seconds(milliseconds: number): bigint {
  return BigInt(Math.max(0, Math.floor(milliseconds / 1000)));
}
