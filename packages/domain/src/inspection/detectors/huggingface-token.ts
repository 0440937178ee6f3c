import { prefixedToken } from '../prefixed-token.ts';

const body = '[A-Za-z0-9]{34,40}(?![A-Za-z0-9])';

export const huggingfaceToken = prefixedToken(
  {
    id: 'huggingface-token',
    group: 'secrets',
    title: 'Hugging Face token',
    description: 'User and organization tokens of Hugging Face (hf_…, api_org_…).',
  },
  [
    { prefix: 'hf_', body },
    { prefix: 'api_org_', body },
  ],
);
