/** The closed list of RFC 7644 §3.12, as far as it is used here. */
export type ScimType =
  | 'invalidFilter'
  | 'tooMany'
  | 'uniqueness'
  | 'mutability'
  | 'invalidSyntax'
  | 'invalidPath'
  | 'noTarget'
  | 'invalidValue';

/** What a SCIM request is refused with; answered in SCIM's own shape. */
export class ScimFailure extends Error {
  /** HTTP status. */
  readonly status: number;
  readonly scimType: ScimType | null;

  /** `detail` is for people, and must not hold secrets. */
  constructor(status: number, detail: string, scimType: ScimType | null = null) {
    super(detail);
    this.name = 'ScimFailure';
    this.status = status;
    this.scimType = scimType;
  }
}

export function invalid(detail: string, scimType: ScimType = 'invalidValue'): ScimFailure {
  return new ScimFailure(400, detail, scimType);
}
