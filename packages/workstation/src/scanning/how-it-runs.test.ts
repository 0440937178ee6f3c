import assert from 'node:assert/strict';
import { test } from 'node:test';
import { howItRuns } from './how-it-runs.ts';

function run(line: string) {
  const [command = '', ...args] = line.match(/'[^']*'|\S+/g)?.map((word) => word.replaceAll("'", '')) ?? [];
  return howItRuns({ kind: 'command', command, args, env: {} });
}

const digest = 'a'.repeat(64);

const table: readonly (readonly [string, string, string | undefined, boolean | null])[] = [
  ['npx -y @scope/name@1.2.3', 'bare', 'npm:@scope/name@1.2.3', true],
  ['npx -y @scope/name@latest', 'bare', 'npm:@scope/name@latest', false],
  ['npx name@^1.2.3', 'bare', 'npm:name@^1.2.3', false],
  ['npx --package=name@1.0.0 name-bin', 'bare', 'npm:name@1.0.0', true],
  ['C:\\nodejs\\npx.cmd name', 'bare', 'npm:name', false],
  ['pnpm dlx name@2.0.0', 'bare', 'npm:name@2.0.0', true],
  ['uvx mcp-atlassian==0.11.9 --transport stdio', 'bare', 'pypi:mcp-atlassian==0.11.9', true],
  ['uvx mcp-server-git', 'bare', 'pypi:mcp-server-git', false],
  ['uvx --from git+https://x.example/a mcp', 'bare', 'pypi:git+https://x.example/a', false],
  ['uv tool run name@1.2', 'bare', 'pypi:name@1.2', true],
  ['node /opt/server.js', 'bare', undefined, null],
  ['docker run -i --rm ghcr.io/a/b', 'container', 'image:ghcr.io/a/b', false],
  [`podman run -i -e KEY ghcr.io/a/b@sha256:${digest}`, 'container', `image:ghcr.io/a/b@sha256:${digest}`, true],
  ["bash -lc 'cd /srv && exec npx -y name'", 'bare', 'npm:name', false],
  ["/usr/bin/env -S 'npx -y name@1.0.0'", 'bare', 'npm:name@1.0.0', true],
  ['env KEY=value uvx name', 'bare', 'pypi:name', false],
  ["cmd /c 'npx -y name'", 'bare', 'npm:name', false],
  ["powershell -Command 'npx -y name'", 'bare', 'npm:name', false],
  ['bwrap --unshare-all npx name', 'wrapped', undefined, null],
  ['mcpvault bridge files', 'wrapped', undefined, null],
];

for (const [line, runs, name, pinned] of table) {
  test(`“${line}” is seen through`, () => {
    const found = run(line);
    assert.deepEqual([found.runs, found.package, found.isPinned], [runs, name, pinned]);
  });
}

test('a program that only passes on to an address is a remote server', () => {
  for (const line of [
    'npx -y mcp-remote https://a.example/mcp',
    'npx mcp-remote@0.1.0 https://a.example/mcp --debug',
  ]) {
    assert.deepEqual([run(line).runs, run(line).relaysTo], ['network', 'https://a.example/mcp']);
  }
  assert.equal(run("sh -c 'npx mcp-remote https://a.example/mcp'").relaysTo, 'https://a.example/mcp');
});

test('mounts and rights of a container are found in every spelling', () => {
  const found = run(
    'docker run -v /home/ana:/data:ro --volume=C:\\Users:/c --mount type=bind,source=/etc,target=/e --privileged --network=host img',
  );
  assert.deepEqual(found.mounts, ['/home/ana', 'C:\\Users', '/etc']);
  assert.deepEqual(found.privileges, ['privileged', 'network=host']);
  assert.equal(found.package, 'image:img');
});
