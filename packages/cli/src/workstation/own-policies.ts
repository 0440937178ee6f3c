// The policies of this computer's own, written by its person as the hub's are written in files.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { completePolicy } from '@mcpvault/domain/policy/complete-policy';
import type { Policy } from '@mcpvault/domain/policy/policy';
import type { FilePolicy } from '@mcpvault/hub/policies/policy-file';
import type { OwnPolicies } from '@mcpvault/workstation/govern/follow-governing';
import { localServerId } from '@mcpvault/workstation/govern/local-entry';
import { configFolder } from '../credentials/credential-store.ts';
import type { Io } from '../io.ts';

export function ownPolicies(io: Io): OwnPolicies {
  const path = join(configFolder(io), 'policies.yaml');
  return {
    path,
    async read() {
      const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT') return undefined;
        throw error;
      });
      if (text === undefined) return [];
      // Most computers have none, and clients wait for the bridge.
      const { readPolicyFile } = await import('@mcpvault/hub/policies/policy-file');
      return readPolicyFile(text, path).map(policyOf);
    },
  };
}

/** Known by its name, which is unique in the file; its servers are those of this computer. */
function policyOf(written: FilePolicy): Policy {
  const id = `pol_local${createHash('sha256').update(written.name).digest('hex').slice(0, 20)}` as const;
  const servers = written.scope.servers?.map(localServerId) ?? null;
  return completePolicy({
    ...(written as unknown as Partial<Policy>),
    id,
    name: written.name,
    scope: { ...(written.scope as Partial<Policy['scope']>), servers },
  });
}
