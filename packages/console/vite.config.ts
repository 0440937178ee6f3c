// Builds the console into dist/, which the hub serves. While developing, `vite packages/console` serves it with hot
// reload and hands everything that is the hub's to a hub started apart (MCPVAULT_DEV_HUB, http://127.0.0.1:7717).
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const hub = process.env['MCPVAULT_DEV_HUB'] ?? 'http://127.0.0.1:7717';

// The hub checks Host and Origin; while developing, both are this server's.
const toHub = { target: hub, changeOrigin: true, ws: true, headers: { origin: hub } };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react(), layersInOrder()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // Every file is fetched from the hub: nothing is put inline, so that the content security policy can stay strict.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // One small sheet for all pages.
    cssCodeSplit: false,
    rolldownOptions: {
      output: {
        // What changes with a dependency only, apart from what changes with the console.
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules\/(react|react-dom|scheduler)\// },
            { name: 'zod', test: /node_modules\/zod\// },
            { name: 'tanstack', test: /node_modules\/@tanstack\/(?!.*virtual)/ },
          ],
        },
      },
    },
  },
  server: { host: '127.0.0.1', port: 7718, proxy: { '/api': toHub, '/mcp': toHub } },
});

/** The order of the layers must be said before any of them; the sheet is put together in the order of the chunks. */
function layersInOrder(): Plugin {
  return {
    name: 'layers-in-order',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const file of Object.values(bundle)) {
          if (file.type !== 'asset' || !file.fileName.endsWith('.css')) continue;
          file.source = `@layer reset,tokens,parts,pages;${String(file.source)}`;
        }
      },
    },
  };
}
