// Signatures as Standard Webhooks have them: a receiver checks that a delivery is the hub's, unchanged and not an old one.
import { createHmac } from 'node:crypto';

/** `whsec_` and base64 of 24 to 64 bytes. */
export function isWebhookSecret(text: string): boolean {
  const bytes = secretBytes(text);
  return bytes !== null && bytes.length >= 24 && bytes.length <= 64;
}

export function webhookSecret(random: Uint8Array): string {
  return `${prefix}${Buffer.from(random).toString('base64')}`;
}

/** The headers of one delivery. `at` in milliseconds; the id is the same at each try. */
export function webhookHeaders(id: string, at: number, body: string, secret: string): Record<string, string> {
  const key = secretBytes(secret);
  if (key === null) throw new TypeError('this is no secret of a webhook');
  const timestamp = String(Math.floor(at / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

const prefix = 'whsec_';

function secretBytes(text: string): Buffer | null {
  if (!text.startsWith(prefix)) return null;
  const encoded = text.slice(prefix.length);
  return /^[A-Za-z0-9+/]+={0,2}$/.test(encoded) ? Buffer.from(encoded, 'base64') : null;
}
