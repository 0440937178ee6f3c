// References in configs. Some can be filled in by whoever starts the server, from its environment; others only by the client
// itself, because only it knows the open folder or what the person typed.

const fromEnvironment =
  /\$\{(?:env:)?([A-Za-z_]\w*)(?::-([^}]*))?\}|\{env:([A-Za-z_]\w*)\}|\$([A-Za-z_]\w*)|%([A-Za-z_]\w*)%/g;
const anyReference = /\$\{|\$\(|\$[A-Za-z_]|\{\{|\{(?:env|file):|%[A-Za-z_]\w*%/;

/** Whether something is left that only the client can fill in. */
export function needsClient(text: string): boolean {
  return anyReference.test(expandReferences(text, {}, ''));
}

/** Fills in variables of the environment, the home folder and nothing else; a variable that is not set becomes nothing. */
export function expandReferences(
  text: string,
  env: Readonly<Record<string, string | undefined>>,
  home: string,
): string {
  return text
    .replaceAll('${userHome}', () => home)
    .replace(fromEnvironment, (whole, braced, fallback, curly, plain, percent) => {
      const name: string = braced ?? curly ?? plain ?? percent;
      if (clientOnly.has(name)) return whole;
      return env[name] || fallback || '';
    })
    .replace(/^~(?=[\\/]|$)/, () => home);
}

const clientOnly = new Set(['workspaceFolder', 'workspaceFolderBasename', 'workspaceRoot', 'pathSeparator', 'input']);
