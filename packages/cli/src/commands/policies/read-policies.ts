import { readFile } from 'node:fs/promises';
import type { FilePolicy } from '@mcpvault/hub/policies/policy-file';
import { Failure } from '@mcpvault/domain/failure';
import { CommandFailure, usageFailure } from '../../command-failure.ts';

/** The policies of all files together; a name may be in one of them only. */
export async function readPolicies(files: readonly string[]): Promise<FilePolicy[]> {
  const { readPolicyFile } = await import('@mcpvault/hub/policies/policy-file');
  const all: FilePolicy[] = [];
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => {
      throw usageFailure(`${file} cannot be read.`, 'Give the names of YAML files.');
    });
    try {
      all.push(...readPolicyFile(text, file));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      throw new CommandFailure('usage', error.code, error.message);
    }
  }
  const twice = all.find(({ name }, index) => all.findIndex((other) => other.name === name) !== index);
  if (twice !== undefined)
    throw usageFailure(`Two files have a policy called “${twice.name}”.`, 'Names are how policies are told apart.');
  return all;
}
