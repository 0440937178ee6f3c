import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createNodeFiles } from '../machine/node-files.ts';
import type { Machine } from '../machine/machine.ts';
import { bytesOf, clientOf, fixtures, pathOf } from '../testing/fixtures.ts';
import { scanFile } from './scan.ts';
import { nothingManaged } from './server-kind.ts';

const machine: Machine = { platform: 'linux', home: '/home/ana', env: {}, files: createNodeFiles('linux') };
const options = { machine, managed: nothingManaged };

for (const fixture of fixtures) {
  test(`${fixture.file} is in the state ${fixture.parse} and shows its servers`, async () => {
    const before = bytesOf(fixture);
    const { clients } = await scanFile(pathOf(fixture), clientOf(fixture), options);
    const [config] = clients;
    assert.ok(config);
    const isPolicy = fixture.pointer === null;
    assert.equal(config.state, isPolicy ? 'no-servers' : fixture.parse);
    assert.deepEqual(config.servers.map(summary).toSorted(), fixture.servers.map(summary).toSorted());
    assert.deepEqual(bytesOf(fixture), before);
  });

  test(`${fixture.file} has its secrets named by their places, and shown nowhere`, async () => {
    const { clients } = await scanFile(pathOf(fixture), clientOf(fixture), options);
    const places = clients
      .slice(0, 1)
      .flatMap(({ findings }) =>
        findings.filter(({ code }) => code === 'secret-in-plain-sight').map(({ place }) => place),
      );
    assert.deepEqual(places.toSorted(), fixture.secrets.toSorted());
    const everything = JSON.stringify(clients);
    for (const value of secretValues(bytesOf(fixture).toString('utf8'))) {
      assert.ok(!everything.includes(value), `${value} is shown`);
    }
  });
}

function summary(server: { readonly name: string; readonly transport: string; readonly disabled?: boolean }): string {
  return `${server.name} ${server.transport}${server.disabled === true ? ' disabled' : ''}`;
}

/** The secrets of the sample files, by how they are made up. */
function secretValues(text: string): readonly string[] {
  return text.match(/ghp_\w+|s3cr3t-\w+|[\w-]*example[-_](?:token|access|refresh|\d)[\w-]*|ctx7sk-[\w-]+/g) ?? [];
}
