// Written by tools/detectors/quality.test.ts with UPDATE=1.

/** How well a detector did on made-up texts, and on texts that only look like what it is for. */
export interface MeasuredQuality {
  readonly texts: number;
  /** In how many of them it was found, and nothing around it. */
  readonly found: number;
  readonly lookAlikes: number;
  /** In how many of those something was seen all the same. */
  readonly taken: number;
}

export const measuredQuality: Readonly<Record<string, MeasuredQuality>> = {
  'aws-access-key': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'google-api-key': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'github-token': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'gitlab-token': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'slack-token': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'stripe-key': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'npm-token': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'google-oauth-token': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'registry-token': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'hosting-token': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'model-provider-key': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'workplace-token': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'commerce-key': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'messaging-token': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'age-secret-key': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  jwt: { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'generic-secret-assignment': { texts: 400, found: 390, lookAlikes: 6000, taken: 0 },
  'secret-in-words': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'payment-card': { texts: 400, found: 400, lookAlikes: 6000, taken: 2 },
  email: { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  iban: { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'phone-number': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'passport-number': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'us-social-security-number': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'canadian-social-insurance-number': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'british-national-insurance-number': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'german-tax-id': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'french-social-security-number': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'italian-fiscal-code': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'spanish-identity-number': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'dutch-citizen-number': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'polish-pesel': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'swedish-personal-number': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'brazilian-cpf': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'indian-aadhaar': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'chinese-resident-number': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'ip-address': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
  'mac-address': { texts: 400, found: 400, lookAlikes: 6000, taken: 0 },
};
