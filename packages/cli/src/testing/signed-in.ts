import assert from 'node:assert/strict';
import { createTestIo, run, type Run, type TestIo, type TestIoOptions, withHome } from './test-io.ts';
import { type FakeHub, withFakeHub } from './fake-hub.ts';
import { fakePassword } from './fake-sign-ins.ts';

export interface SignedIn {
  readonly hub: FakeHub;
  readonly home: string;
  /** Runs `mcpvault …argv` against the fake hub. */
  mcpvault(argv: readonly string[], options?: Partial<TestIoOptions>): Promise<Run>;
  /** The same, expecting success, and reading what it printed as JSON. */
  json<T>(argv: readonly string[], options?: Partial<TestIoOptions>): Promise<T>;
  /** A process of its own, for commands that go on. */
  io(options?: Partial<TestIoOptions>): TestIo;
}

/** A fake hub with ada signed in to it. */
export async function withSignedIn<T>(
  use: (at: SignedIn) => Promise<T>,
  options?: Parameters<typeof withFakeHub>[1],
): Promise<T> {
  return withHome((home) =>
    withFakeHub(async (hub) => {
      const mcpvault: SignedIn['mcpvault'] = (argv, more) => run(argv, { home, ...more });
      const login = ['login', '--hub', hub.url, '--email', 'ada@example.org', '--password-stdin'];
      assert.equal((await mcpvault(login, { input: fakePassword })).code, 0);
      return use({
        hub,
        home,
        mcpvault,
        json: async <Shape>(argv: readonly string[], more?: Partial<TestIoOptions>) => {
          const { code, out, err } = await mcpvault([...argv, '--json'], more);
          assert.equal(code, 0, err);
          return JSON.parse(out) as Shape;
        },
        io: (more) => createTestIo({ home, ...more }),
      });
    }, options),
  );
}
