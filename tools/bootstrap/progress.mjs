// @ts-check
// Says what is happening while it takes a while: a counting line on a terminal, a few plain lines in a log.

/**
 * Runs `work` and keeps saying `doing` with the seconds so far; then says `done`. All of it goes to stderr: stdout
 * belongs to the command that runs afterwards.
 * @template T
 * @param {string} doing
 * @param {string} done
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function whileSaying(doing, done, work) {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1000);
  const live = process.stderr.isTTY === true;
  const say = () =>
    process.stderr.write(live ? `\r\x1b[2K  ${doing} … ${seconds()} s` : `  ${doing} … ${seconds()} s\n`);
  say();
  const timer = setInterval(say, live ? 1000 : 10_000);
  const clear = () => {
    clearInterval(timer);
    if (live) process.stderr.write('\r\x1b[2K');
  };
  try {
    const result = await work();
    clear();
    process.stderr.write(`  ${done} (${seconds()} s)\n`);
    return result;
  } catch (error) {
    clear();
    throw error;
  }
}
