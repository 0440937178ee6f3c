import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readBridgeOptions } from '../../bridge/bridge-options.ts';
import { clientConfigs, clientNames } from './client-config.ts';

test('an entry that starts the bridge holds no token, and the bridge takes its arguments', () => {
  for (const client of clientNames) {
    const text = JSON.stringify(
      clientConfigs[client].program('files', ['bridge', '--hub', 'https://h.example', 'files']),
    );
    assert.ok(text.includes('"command":"mcpvault"') && !/token|bearer/i.test(text), text);
    const [command, ...args] = JSON.parse(/"args":(\[[^\]]*\])/.exec(text)?.[1] ?? '[]') as string[];
    assert.equal(command, 'bridge');
    const { target, hub } = readBridgeOptions(args);
    assert.deepEqual([target, hub], ['files', 'https://h.example']);
  }
});
