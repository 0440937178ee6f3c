import type { Log } from '@mcpvault/gateway/ports';

export const quiet: Log = { debug() {}, info() {}, warn() {}, error() {} };
