import { prefixedToken } from '../prefixed-token.ts';

const body = '[A-Za-z0-9]{16,250}(?![A-Za-z0-9])';

export const stripeKey = prefixedToken(
  {
    id: 'stripe-key',
    group: 'secrets',
    title: 'Stripe key',
    description:
      'Secret and restricted keys (sk_live_…, rk_live_…, and their test twins) and webhook signing secrets (whsec_…). Publishable keys are public and not reported.',
  },
  [
    { prefix: 'sk_live_', body },
    { prefix: 'rk_live_', body },
    { prefix: 'sk_test_', body },
    { prefix: 'rk_test_', body },
    { prefix: 'whsec_', body: '[A-Za-z0-9+/]{24,128}={0,2}(?![A-Za-z0-9])' },
  ],
);
