// @ts-check
// The oldest Node that can carry the bootstrap, and the one sentence for an older one. This file and the four commands
// beside it import nothing newer and use no newer syntax than Node 14 knows, so that the sentence can still be said there.

export const floor = 20;

/**
 * @param {string} version as in `process.versions.node`
 * @returns {string | undefined} what to tell the person, or undefined when the version is new enough
 */
export function tooOld(version) {
  const major = Number(version.split('.')[0]);
  if (major >= floor) return undefined;
  return (
    'MCPVault needs Node ' +
    floor +
    ' or newer to get going, and this is Node ' +
    version +
    ': install a newer one (https://nodejs.org, or your package manager) and run the same command again.'
  );
}

/**
 * Runs `command` when this Node can carry it; otherwise says the sentence and fails.
 * @param {() => Promise<number>} command resolves to the exit code
 */
export function onNewEnoughNode(command) {
  const sentence = tooOld(process.versions.node);
  if (sentence !== undefined) {
    console.error(sentence);
    process.exitCode = 1;
    return;
  }
  command().then(
    (code) => process.exit(code),
    (error) => {
      console.error(error instanceof Error && error.name === 'Stop' ? error.message : error);
      process.exit(1);
    },
  );
}
