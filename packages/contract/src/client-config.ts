// What people paste when they add servers, read in the browser: the domain's own reading, so that the console, the command
// line and the hub never disagree about it.
export { nameOf } from '@mcpvault/domain/catalog/server-name';
export {
  type ClientConfig,
  type ConfiguredServer,
  parseClientConfig,
} from '@mcpvault/domain/catalog/parse-client-config';
export { serverNamePattern } from '@mcpvault/domain/catalog/server';
export { shellWords } from '@mcpvault/domain/catalog/shell-words';
