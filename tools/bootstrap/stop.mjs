// @ts-check
// An expected end: the message already says what is wrong and what to do, so no stack is shown.

export class Stop extends Error {
  /** @param {string} message what happened and its fix, ready to print */
  constructor(message) {
    super(message);
    this.name = 'Stop';
  }
}
