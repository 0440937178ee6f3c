import assert from 'node:assert/strict';
import { Failure, type FailureCode } from '@mcpvault/domain/failure';
import type { MemberId, OrganizationId } from '@mcpvault/domain/ids';
import { createStores } from '../stores.ts';
import { createSample } from './sample.ts';
import { openTestDatabase, testAmbient } from './test-database.ts';

/** Stores on a database of their own, with two organizations in it, and what tests of them need again and again. */
export async function openStoresUnderTest() {
  const database = await openTestDatabase();
  const stores = createStores(database.kysely);
  const ours = await createSample(stores, 'ours');
  const theirs = await createSample(stores, 'theirs');
  let made = 0;
  return {
    database,
    stores,
    ambient: testAmbient(),
    ours,
    theirs,
    unique(word: string): string {
      made += 1;
      return `${word}-${made}`;
    },
    newMember(email: string, organization: OrganizationId = ours.organization) {
      const id = `mem_m${(made += 1)}` as MemberId;
      const createdAt = 1000 + made;
      return { id, organization, email, name: 'New', role: 'member' as const, passwordHash: null, createdAt };
    },
    async versionOf({ organization, version }: Pick<typeof ours, 'organization' | 'version'>) {
      const held = await stores.servers.version(organization, version);
      assert.ok(held);
      return held;
    },
  };
}

export function fails(code: FailureCode, message: RegExp) {
  return (error: unknown) => {
    assert.ok(error instanceof Failure, `not a failure: ${String(error)}`);
    assert.equal(error.code, code);
    assert.match(error.message, message);
    return true;
  };
}
