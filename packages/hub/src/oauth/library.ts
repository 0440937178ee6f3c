// The library, loaded without what it says on the console about versions of Node that it has not been told of: the hub
// brings its own Node, and its output belongs to whoever runs it.
/* oxlint-disable eslint/no-console */
const { warn } = console;
console.warn = () => undefined;
const library = await import('oidc-provider').finally(() => {
  console.warn = warn;
});

export const { default: Provider, errors } = library;
