import { prefixedToken } from '../prefixed-token.ts';

export const commerceKey = prefixedToken(
  {
    id: 'commerce-key',
    group: 'secrets',
    title: 'Key of a shop or payment service',
    description:
      'Keys of Shopify (shpat_…), Square (sq0atp-…, sq0csp-…), Brevo (xkeysib-…), Flutterwave (FLWSECK…), Shippo (shippo_…), EasyPost (EZAK…) and Plaid (access-production-…).',
  },
  [
    ...['shpat_', 'shpca_', 'shppa_', 'shpss_'].map((prefix) => ({ prefix, body: '[A-Fa-f0-9]{32}(?![A-Za-z0-9])' })),
    { prefix: 'sq0atp-', body: '[A-Za-z0-9_-]{22}(?![A-Za-z0-9_-])' },
    { prefix: 'sq0csp-', body: '[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])' },
    { prefix: 'xkeysib-', body: '[a-f0-9]{64}-[A-Za-z0-9]{16}(?![A-Za-z0-9])' },
    { prefix: 'FLWSECK-', body: '[A-Za-z0-9]{32}-X(?![A-Za-z0-9])' },
    { prefix: 'FLWSECK_TEST-', body: '[A-Za-z0-9]{32}-X(?![A-Za-z0-9])' },
    { prefix: 'shippo_live_', body: '[a-f0-9]{40}(?![A-Za-z0-9])' },
    { prefix: 'shippo_test_', body: '[a-f0-9]{40}(?![A-Za-z0-9])' },
    { prefix: 'EZAK', body: '[A-Za-z0-9]{54}(?![A-Za-z0-9])' },
    ...['production', 'sandbox', 'development'].map((stage) => ({
      prefix: `access-${stage}-`,
      body: '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}(?![0-9A-Za-z])',
    })),
  ],
);
