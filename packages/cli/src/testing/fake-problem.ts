/** What a fake hub says instead of an answer. */
export class FakeProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly more: object;

  constructor(status: number, code: string, detail: string, more: object = {}) {
    super(detail);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}
