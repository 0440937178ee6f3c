// Loaded into the hub before its own program: puts a journal in the place of the real one that takes every record and keeps
// none. Nothing is sealed, written, or sent to the database; all else is as ever.
import { registerHooks } from 'node:module';

const real = '@mcpvault/gateway/recording/journal';

registerHooks({
  resolve(specifier, context, next) {
    if (specifier !== real) return next(specifier, context);
    return { url: new URL('./no-journal.ts', import.meta.url).href, shortCircuit: true };
  },
});
