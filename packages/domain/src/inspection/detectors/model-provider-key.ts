import { prefixedToken } from '../prefixed-token.ts';

export const modelProviderKey = prefixedToken(
  {
    id: 'model-provider-key',
    group: 'secrets',
    title: 'Key of a provider of models',
    description: 'Keys of Groq (gsk_…), Replicate (r8_…), Perplexity (pplx-…), xAI (xai-…) and Pinecone (pcsk_…).',
  },
  [
    { prefix: 'gsk_', body: '[A-Za-z0-9]{52}(?![A-Za-z0-9])' },
    { prefix: 'r8_', body: '[A-Za-z0-9]{37}(?![A-Za-z0-9])' },
    { prefix: 'pplx-', body: '[A-Za-z0-9]{48,56}(?![A-Za-z0-9])' },
    { prefix: 'xai-', body: '[A-Za-z0-9]{80}(?![A-Za-z0-9])' },
    { prefix: 'pcsk_', body: '[A-Za-z0-9_]{60,80}(?![A-Za-z0-9_])' },
  ],
);
