// Takes webhooks, as a process that can be killed: checks each signature as Standard Webhooks have it, keeps the body in a file,
// and only then answers. Run as: node webhook-server.ts PORT SECRET FILE; prints its port.
import { createHmac, timingSafeEqual } from 'node:crypto';
import { appendFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

const [port = '0', secret = '', file = ''] = process.argv.slice(2);
const key = Buffer.from(secret.slice('whsec_'.length), 'base64');

const server = createServer(async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString();
  const { 'webhook-id': id, 'webhook-timestamp': at, 'webhook-signature': given } = request.headers;
  const expected = createHmac('sha256', key)
    .update(`${String(id)}.${String(at)}.${body}`)
    .digest();
  const signature = Buffer.from(String(given).slice('v1,'.length), 'base64');
  const isSigned = signature.length === expected.length && timingSafeEqual(signature, expected);
  if (isSigned) appendFileSync(file, `${body}\n`);
  response.writeHead(isSigned ? 204 : 401).end();
});
server.listen(Number(port), '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as AddressInfo).port}\n`);
});
