// Every detector there is. Policies name them by id or by group.

import { Failure } from '../failure.ts';
import { type Detector, type DetectorTitle, detectorGroups } from './detector.ts';
import { ageSecretKey } from './detectors/age-secret-key.ts';
import { anthropicKey } from './detectors/anthropic-key.ts';
import { authorization } from './detectors/authorization.ts';
import { awsAccessKey } from './detectors/aws-access-key.ts';
import { azureKey } from './detectors/azure-key.ts';
import { brazilianCpf } from './detectors/brazilian-cpf.ts';
import { britishNationalInsuranceNumber } from './detectors/british-national-insurance-number.ts';
import { canadianSocialInsuranceNumber } from './detectors/canadian-social-insurance-number.ts';
import { chineseResidentNumber } from './detectors/chinese-resident-number.ts';
import { commerceKey } from './detectors/commerce-key.ts';
import { connectionString } from './detectors/connection-string.ts';
import { digitaloceanToken } from './detectors/digitalocean-token.ts';
import { dutchCitizenNumber } from './detectors/dutch-citizen-number.ts';
import { email } from './detectors/email.ts';
import { frenchSocialSecurityNumber } from './detectors/french-social-security-number.ts';
import { genericSecretAssignment } from './detectors/generic-secret-assignment.ts';
import { germanTaxId } from './detectors/german-tax-id.ts';
import { githubToken } from './detectors/github-token.ts';
import { gitlabToken } from './detectors/gitlab-token.ts';
import { googleApiKey } from './detectors/google-api-key.ts';
import { googleOauthToken } from './detectors/google-oauth-token.ts';
import { hostingToken } from './detectors/hosting-token.ts';
import { huggingfaceToken } from './detectors/huggingface-token.ts';
import { iban } from './detectors/iban.ts';
import { indianAadhaar } from './detectors/indian-aadhaar.ts';
import { injection } from './detectors/injection.ts';
import { ipAddress } from './detectors/ip-address.ts';
import { italianFiscalCode } from './detectors/italian-fiscal-code.ts';
import { jwt } from './detectors/jwt.ts';
import { macAddress } from './detectors/mac-address.ts';
import { mcpvaultToken } from './detectors/mcpvault-token.ts';
import { messagingToken } from './detectors/messaging-token.ts';
import { modelProviderKey } from './detectors/model-provider-key.ts';
import { npmToken } from './detectors/npm-token.ts';
import { openaiKey } from './detectors/openai-key.ts';
import { passportNumber } from './detectors/passport-number.ts';
import { paymentCard } from './detectors/payment-card.ts';
import { phoneNumber } from './detectors/phone-number.ts';
import { polishPesel } from './detectors/polish-pesel.ts';
import { privateKey } from './detectors/private-key.ts';
import { registryToken } from './detectors/registry-token.ts';
import { resultSchema } from './detectors/result-schema.ts';
import { secretInWords } from './detectors/secret-in-words.ts';
import { sendgridKey } from './detectors/sendgrid-key.ts';
import { slackToken } from './detectors/slack-token.ts';
import { spanishIdentityNumber } from './detectors/spanish-identity-number.ts';
import { stripeKey } from './detectors/stripe-key.ts';
import { swedishPersonalNumber } from './detectors/swedish-personal-number.ts';
import { twilioKey } from './detectors/twilio-key.ts';
import { usSocialSecurityNumber } from './detectors/us-social-security-number.ts';
import { workplaceToken } from './detectors/workplace-token.ts';

export const detectors: readonly Detector[] = [
  awsAccessKey,
  azureKey,
  googleApiKey,
  githubToken,
  gitlabToken,
  slackToken,
  openaiKey,
  anthropicKey,
  huggingfaceToken,
  stripeKey,
  twilioKey,
  sendgridKey,
  digitaloceanToken,
  npmToken,
  googleOauthToken,
  registryToken,
  hostingToken,
  modelProviderKey,
  workplaceToken,
  commerceKey,
  messagingToken,
  ageSecretKey,
  mcpvaultToken,
  privateKey,
  jwt,
  connectionString,
  authorization,
  genericSecretAssignment,
  secretInWords,
  paymentCard,
  email,
  iban,
  phoneNumber,
  passportNumber,
  usSocialSecurityNumber,
  canadianSocialInsuranceNumber,
  britishNationalInsuranceNumber,
  germanTaxId,
  frenchSocialSecurityNumber,
  italianFiscalCode,
  spanishIdentityNumber,
  dutchCitizenNumber,
  polishPesel,
  swedishPersonalNumber,
  brazilianCpf,
  indianAadhaar,
  chineseResidentNumber,
  ipAddress,
  macAddress,
  injection,
  resultSchema,
];

/** What people choose from when they write a policy. */
export const detectorCatalog: readonly DetectorTitle[] = detectors.map(({ id, group, title, description }) => ({
  id,
  group,
  title,
  description,
}));

/** Every name a policy may use: the groups, then the detectors. */
export const detectorNames: readonly string[] = [...new Set([...detectorGroups, ...detectors.map(({ id }) => id)])];

/** The detectors that ids and group names stand for, in the catalog's order. Unknown names fail as `invalid_params`. */
export function detectorsNamed(names: readonly string[]): readonly Detector[] {
  const unknown = names.filter((name) => !detectorNames.includes(name));
  if (unknown.length > 0)
    throw new Failure(
      'invalid_params',
      `No detector is called ${unknown.map((name) => `“${name}”`).join(', ')}. Known are the groups ${detectorGroups.join(', ')} and the detectors ${detectors.map(({ id }) => id).join(', ')}.`,
      { unknown, known: detectorNames },
    );
  return detectors.filter(({ id, group }) => names.includes(id) || names.includes(group));
}
