import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createOutboundRules, isPlace, OutboundRefused } from './outbound-rules.ts';

const strict = createOutboundRules({ allowed: [], trust: 'none' });
const approved = createOutboundRules({ allowed: [], trust: 'approved' });
const office = createOutboundRules({ allowed: ['10.20.0.0/16', 'auth.corp.example', '*.lab.example'], trust: 'none' });

const hostile = [
  'file:///etc/passwd',
  'ftp://example.com/',
  'gopher://127.0.0.1:6379/_INFO',
  'data:text/plain,x',
  'javascript:alert(1)',
  'unix:/var/run/docker.sock',
  '//example.com/x',
  'example.com',
  '',
  'https://user:secret@example.com/',
  'https://user@example.com/',
  'http://example.com/',
  'https://127.0.0.1/',
  'https://127.1/',
  'https://2130706433/',
  'https://0x7f000001/',
  'https://0177.0.0.1/',
  'https://127.0.0.1./',
  'https://１２７.0.0.1/',
  'https://[::1]/',
  'https://[::]/',
  'https://[::ffff:127.0.0.1]/',
  'https://[::ffff:a9fe:a9fe]/',
  'https://[64:ff9b::10.0.0.1]/',
  'https://[2002:7f00:1::]/',
  'https://[fe80::1]/',
  'https://[fd00:ec2::254]/latest/meta-data/',
  'https://169.254.169.254/latest/meta-data/',
  'https://0.0.0.0/',
  'https://10.0.0.1/',
  `https://example.com/${'a'.repeat(5000)}`,
];

for (const url of hostile)
  test(`${url.slice(0, 60)} is refused before anything is looked up`, () =>
    assert.throws(() => strict.judgeUrl(url), OutboundRefused));

test('a public place over https passes, with its port, path and query', () => {
  const url = strict.judgeUrl('https://auth.example.com:8443/a/b?c=d');
  assert.equal(url.href, 'https://auth.example.com:8443/a/b?c=d');
});

test('however an IPv4 address that is not public is written in a URL, it is refused', () => {
  const bytes = fc.tuple(fc.constantFrom(10, 127, 0), fc.nat({ max: 255 }), fc.nat({ max: 255 }), fc.nat({ max: 255 }));
  const forms = [
    ([a, b, c, d]: number[]) => `${a}.${b}.${c}.${d}`,
    ([a = 0, b = 0, c = 0, d = 0]: number[]) => String(((a * 256 + b) * 256 + c) * 256 + d),
    (parts: number[]) => parts.map((part) => `0x${part.toString(16)}`).join('.'),
    (parts: number[]) => parts.map((part) => `0${part.toString(8)}`).join('.'),
    ([a, b, c = 0, d = 0]: number[]) => `${a}.${b}.${c * 256 + d}`,
    ([a, b, c, d]: number[]) => `[::ffff:${a}.${b}.${c}.${d}]`,
    ([a, b, c, d]: number[]) => `[64:ff9b::${a}.${b}.${c}.${d}]`,
  ];
  fc.assert(
    fc.property(bytes, fc.nat({ max: forms.length - 1 }), (parts, form) => {
      const host = forms[form]?.(parts) ?? '';
      assert.throws(() => strict.judgeUrl(`https://${host}/`), OutboundRefused, host);
    }),
  );
});

test('whatever text is given as a URL, it is parsed into a safe one or refused, and nothing else is thrown', () => {
  const schemes = fc.constantFrom('https://', 'http://', 'file://', 'HTTPS://', 'ws://', '', 'https:/', 'https:\\\\');
  const hosts = fc.oneof(
    fc.string(),
    fc.domain(),
    fc.ipV4(),
    fc.ipV6().map((ip) => `[${ip}]`),
    fc.constant('localhost'),
  );
  fc.assert(
    fc.property(schemes, hosts, fc.webPath(), (scheme, host, path) => {
      try {
        const url = strict.judgeUrl(scheme + host + path);
        assert.equal(url.protocol, 'https:');
        assert.equal(url.username + url.password, '');
      } catch (error) {
        if (!(error instanceof OutboundRefused)) throw error;
      }
    }),
    { numRuns: 2000 },
  );
});

test('a name is judged by each address it has when it is looked up', () => {
  strict.judgeAddress('auth.example.com', '93.184.216.34', true);
  for (const address of ['127.0.0.1', '10.1.2.3', '169.254.169.254', '::1', 'fe80::1%eth0', 'nonsense'])
    assert.throws(() => strict.judgeAddress('auth.example.com', address, true), OutboundRefused, address);
});

test('what the settings name may be private, and be asked without TLS', () => {
  office.judgeUrl('https://10.20.3.4/');
  office.judgeUrl('http://10.20.3.4:8080/');
  office.judgeUrl('http://auth.corp.example/');
  office.judgeAddress('auth.corp.example', '192.168.7.7', false);
  office.judgeAddress('a.lab.example', '172.16.0.9', false);
  office.judgeAddress('anything.example', '10.20.255.255', false);
  office.judgeAddress('anything.example', '::ffff:10.20.0.1', false);
});

test('the neighbours of what the settings name stay refused', () => {
  assert.throws(() => office.judgeUrl('https://10.21.0.1/'), OutboundRefused);
  assert.throws(() => office.judgeAddress('evil-auth.corp.example', '192.168.7.7', true), OutboundRefused);
  assert.throws(() => office.judgeAddress('lab.example', '192.168.7.7', true), OutboundRefused);
  assert.throws(() => office.judgeAddress('public.example', '93.184.216.34', false), OutboundRefused);
});

test('where clouds hand out credentials is refused whatever the settings say', () => {
  const careless = createOutboundRules({ allowed: ['0.0.0.0/0', '::/0', 'metadata.example'], trust: 'approved' });
  for (const address of ['169.254.169.254', '::ffff:169.254.169.254', 'fd00:ec2::254', '168.63.129.16'])
    assert.throws(() => careless.judgeAddress('metadata.example', address, true), OutboundRefused, address);
});

test('a place that an admin approved may be private or this machine, but not on the local wire', () => {
  approved.judgeUrl('http://127.0.0.1:3000/mcp');
  approved.judgeUrl('ws://10.0.0.5/mcp');
  approved.judgeAddress('tools.internal', '192.168.0.10', false);
  assert.throws(() => approved.judgeUrl('http://169.254.169.254/'), OutboundRefused);
  assert.throws(() => approved.judgeAddress('tools.internal', '169.254.7.7', true), OutboundRefused);
  assert.throws(() => approved.judgeUrl('https://user:secret@tools.internal/'), OutboundRefused);
});

test('a refusal names the host and the setting, and never what a URL carries', () => {
  const refusal = (work: () => unknown): OutboundRefused => {
    try {
      work();
    } catch (error) {
      if (error instanceof OutboundRefused) return error;
    }
    return assert.fail('it was not refused');
  };
  const named = refusal(() => strict.judgeUrl('https://10.0.0.1/path?token=secret'));
  assert.match(named.message, /10\.0\.0\.1/);
  assert.match(String(named.details?.['fix']), /MCPVAULT_PRIVATE_NETWORKS/);
  const carrying = refusal(() => strict.judgeUrl('https://me:hunter2@example.com/?token=secret'));
  assert.doesNotMatch(named.message + carrying.message, /secret|hunter2/);
});

test('the list of allowed places takes names, addresses and ranges only', () => {
  for (const text of ['10.0.0.0/8', '::1', 'auth.corp.example', '*.corp.example', 'localhost'])
    assert.ok(isPlace(text), text);
  for (const text of ['', '*', 'https://a.example', 'a.example:80', '10.0.0.0/99', 'a b', '-a.example', 'a..b'])
    assert.ok(!isPlace(text), text);
});
