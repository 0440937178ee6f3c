// Every detector there is. Policies name them by id or by group.

import { Failure } from '../failure.ts';
import { type Detector, type DetectorTitle, detectorGroups } from './detector.ts';
import { anthropicKey } from './detectors/anthropic-key.ts';
import { authorization } from './detectors/authorization.ts';
import { awsAccessKey } from './detectors/aws-access-key.ts';
import { azureKey } from './detectors/azure-key.ts';
import { connectionString } from './detectors/connection-string.ts';
import { digitaloceanToken } from './detectors/digitalocean-token.ts';
import { email } from './detectors/email.ts';
import { genericSecretAssignment } from './detectors/generic-secret-assignment.ts';
import { githubToken } from './detectors/github-token.ts';
import { gitlabToken } from './detectors/gitlab-token.ts';
import { googleApiKey } from './detectors/google-api-key.ts';
import { huggingfaceToken } from './detectors/huggingface-token.ts';
import { injection } from './detectors/injection.ts';
import { jwt } from './detectors/jwt.ts';
import { mcpvaultToken } from './detectors/mcpvault-token.ts';
import { npmToken } from './detectors/npm-token.ts';
import { openaiKey } from './detectors/openai-key.ts';
import { paymentCard } from './detectors/payment-card.ts';
import { privateKey } from './detectors/private-key.ts';
import { sendgridKey } from './detectors/sendgrid-key.ts';
import { slackToken } from './detectors/slack-token.ts';
import { stripeKey } from './detectors/stripe-key.ts';
import { twilioKey } from './detectors/twilio-key.ts';

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
  mcpvaultToken,
  privateKey,
  jwt,
  connectionString,
  authorization,
  genericSecretAssignment,
  paymentCard,
  email,
  injection,
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
