// Fetches a small document and no more: whoever is at the other end cannot fill this hub's memory, send it elsewhere, or keep
// it waiting.
import type { ProviderFetch } from './provider-client.ts';

const bytesAtMost = 1024 * 1024;
const timeoutMs = 15_000;

export function createBoundedFetch(inner: ProviderFetch): ProviderFetch {
  return async (url, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    const response = await inner(url, { ...init, signal, redirect: 'manual' });
    const { status, statusText, headers } = response;
    const text = await readBounded(response);
    const bodiless = status === 204 || status === 205 || status === 304 || status < 200;
    return new Response(bodiless ? null : text, { status, statusText, headers });
  };
}

async function readBounded({ body }: Response): Promise<Buffer<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body ?? []) {
    bytes += chunk.length;
    if (bytes > bytesAtMost) throw new Error('the answer is larger than it may be');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
