// The fixture's resources: a text, a picture, a template, and one that can be watched.

import { type McpServer, ResourceTemplate } from '@modelcontextprotocol/server';
import { redPixelPng } from './samples.ts';
import type { World } from './world.ts';

export const watchedUri = 'test://watched-resource';

export function registerResources(server: McpServer, world: World): void {
  server.registerResource(
    'static-text',
    'test://static-text',
    { description: 'A text that never changes', mimeType: 'text/plain' },
    (uri) => ({
      contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }],
    }),
  );
  server.registerResource(
    'static-binary',
    'test://static-binary',
    { description: 'A picture that never changes', mimeType: 'image/png' },
    (uri) => ({ contents: [{ uri: uri.href, mimeType: 'image/png', blob: redPixelPng }] }),
  );
  server.registerResource(
    'watched-resource',
    watchedUri,
    { description: 'Changes when touch_watched_resource is called', mimeType: 'text/plain' },
    (uri) => ({ contents: [{ uri: uri.href, mimeType: 'text/plain', text: `Version ${world.watchedVersion}` }] }),
  );
  server.registerResource(
    'template',
    new ResourceTemplate('test://template/{id}/data', { list: undefined }),
    { description: 'Data by id', mimeType: 'application/json' },
    (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
        },
      ],
    }),
  );
}
