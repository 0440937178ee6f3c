// Builds the console into dist/, which the hub serves. While developing, `vite packages/console` serves it with hot
// reload and hands everything that is the hub's to a hub started apart (MCPVAULT_DEV_HUB, http://127.0.0.1:7717).
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const hub = process.env['MCPVAULT_DEV_HUB'] ?? 'http://127.0.0.1:7717';

// The hub checks Host and Origin; while developing, both are this server's.
const toHub = { target: hub, changeOrigin: true, ws: true, headers: { origin: hub } };

export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: ['chrome123', 'firefox128', 'safari17.5'],
    // Every file is fetched from the hub: nothing is put inline, so that the content security policy can stay strict.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { host: '127.0.0.1', port: 7718, proxy: { '/api': toHub, '/mcp': toHub } },
});
