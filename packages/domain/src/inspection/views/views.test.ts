// What is written in another form is found where it stands, and covered whole.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { compileInspector } from '../inspect.ts';
import { encodedViews } from './encoded-views.ts';
import { joinedViews } from './joined-views.ts';
import { percentViews } from './percent-views.ts';

const all = compileInspector(['secrets', 'cards', 'email', 'personal']);
const npm = `npm_${'aB3dE6gH9jK2'.repeat(3)}`;

/** Pointer, encoding and written text of each finding. */
function look(value: unknown): (string | undefined)[][] {
  const raw = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  return all
    .inspect(raw)
    .map(({ pointer, encoding, start, end }) => [pointer, encoding, raw.toString('utf8', start, end)]);
}

const base64 = (text: string | Buffer): string => Buffer.from(text).toString('base64');

test('a secret in base64 is found, and its units are covered whole', () => {
  for (const before of ['', 'a', 'ab', 'abc']) {
    const [finding, ...others] = look({ a: base64(`${before} token ${npm} and more`) });
    assert.deepEqual(others, []);
    assert.equal(finding?.[1], 'base64');
    assert.ok(
      Buffer.from(finding?.[2] ?? '', 'base64')
        .toString()
        .includes(npm),
    );
    assert.equal((finding?.[2] ?? '').length % 4, 0);
  }
});

test('base64 for URLs, in lines, with escaped slashes, of UTF-16, and of base64 is read too', () => {
  const plain = `token ?>?>?> ${npm} `;
  for (const written of [
    Buffer.from(plain).toString('base64url'),
    base64(plain.repeat(3)).replaceAll(/.{76}/g, '$&\n'),
    base64(Buffer.from(plain, 'utf16le')),
    base64(base64(plain)),
  ])
    assert.ok(
      look({ a: written }).some(([, encoding]) => encoding === 'base64'),
      written,
    );
  assert.ok(look(`{"a":"${base64(plain).replaceAll('/', '\\/')}"}`).length > 0);
});

test('hexadecimal digits and percent codes are read', () => {
  const hex = Buffer.from(`token ${npm} end`).toString('hex');
  assert.deepEqual(look({ a: hex }), [['/a', 'hex', Buffer.from(npm).toString('hex')]]);
  assert.deepEqual(look({ a: 'https://x.example/?to=ada%40example.com&n=1' }), [
    ['/a', 'percent', 'ada%40example.com'],
  ]);
  const hidden = npm.replace('n', '%6e');
  assert.deepEqual(look({ a: `https://x.example/${hidden}` }), [['/a', 'percent', hidden]]);
});

test('a token cut into neighbouring strings is found in each of them', () => {
  const [a, b, c] = [npm.slice(0, 12), npm.slice(12, 30), npm.slice(30)];
  const cut = [
    ['/list/1', undefined, a],
    ['/list/2', undefined, b + c],
  ];
  assert.deepEqual(look({ list: ['x', a, b + c, 'y'] }), cut);
  assert.deepEqual(look({ list: ['word', a, b + c] }), cut);
  assert.deepEqual(
    look({ list: [a, b, c] }).map(([pointer]) => pointer),
    ['/list/0', '/list/1', '/list/2'],
  );
  assert.deepEqual(
    look({
      content: [
        { type: 'text', text: `key ${a}` },
        { type: 'text', text: `${b}${c} is it` },
      ],
    }),
    [
      ['/content/0/text', undefined, a],
      ['/content/1/text', undefined, b + c],
    ],
  );
});

test('strings that belong to different keys are not put together, and whole tokens end where they end', () => {
  assert.deepEqual(look({ a: npm.slice(0, 12), b: npm.slice(12) }), []);
  const apart = { [npm.slice(0, 12)]: npm.slice(0, 12), [npm.slice(12)]: 1, 'na\\me': 2 };
  for (const written of [JSON.stringify(apart), JSON.stringify(apart, null, 2)]) assert.deepEqual(look(written), []);
  assert.deepEqual(look({ a: [npm, 'hello'] }), [['/a/0', undefined, npm]]);
  assert.deepEqual(look({ a: ['sk', 'ip', 'a-b', 'c1', 'd2'] }), []);
});

function png(...chunks: [string, Buffer][]): Buffer {
  const chunk = ([kind, data]: [string, Buffer]): Buffer => {
    const head = Buffer.alloc(8);
    head.writeUInt32BE(data.length);
    head.write(kind, 4, 'latin1');
    return Buffer.concat([head, data, Buffer.alloc(4)]);
  };
  const start = Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]);
  return Buffer.concat([
    start,
    ...[['IHDR', Buffer.alloc(13)] as [string, Buffer], ...chunks].map(chunk),
    chunk(['IEND', Buffer.alloc(0)]),
  ]);
}

test('texts in the metadata of pictures are read', () => {
  const said = `made with ${npm} `;
  const jpeg = (marker: number, text: string): Buffer =>
    Buffer.concat([
      Buffer.from([0xff, 0xd8, 0xff, marker, 0, text.length + 2]),
      Buffer.from(text),
      Buffer.from([0xff, 0xda, 0, 0]),
    ]);
  const pictures = {
    tEXt: png(['IDAT', Buffer.alloc(500, 7)], ['tEXt', Buffer.from(`Comment\0${said}`)]),
    zTXt: png(['zTXt', Buffer.concat([Buffer.from('Comment\0\0'), deflateSync(said)])]),
    iTXt: png(['iTXt', Buffer.from(`Comment\0\0\0en\0\0${said}`)]),
    'iTXt, compressed': png(['iTXt', Buffer.concat([Buffer.from('Comment\0\x01\0en\0\0'), deflateSync(said)])]),
    eXIf: png(['eXIf', Buffer.from(`II*\0${said}`)]),
    comment: jpeg(0xfe, said),
    exif: jpeg(0xe1, `Exif\0\0${said}`),
    webp: Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBPXMP '), Buffer.from([said.length, 0, 0, 0]), Buffer.from(said)]),
    gif: Buffer.concat([
      Buffer.from('GIF89a'),
      Buffer.alloc(12),
      Buffer.from([0x21, 0xfe, said.length]),
      Buffer.from(said),
      Buffer.from([0, 0x3b]),
    ]),
  };
  for (const [name, picture] of Object.entries(pictures)) {
    const findings = look({ content: [{ type: 'image', data: base64(picture), mimeType: 'image/png' }] });
    assert.deepEqual(
      findings.map(([pointer, encoding]) => [pointer, encoding]),
      [['/content/0/data', 'base64']],
      name,
    );
  }
});

test('broken and hostile pictures do no harm', () => {
  const bomb = png(['zTXt', Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(5_000_000, 65))])]);
  for (const picture of [
    bomb,
    png(['tEXt', Buffer.alloc(0)]).subarray(0, 30),
    Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10]), Buffer.alloc(40, 0xff)]),
    Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe1]), Buffer.alloc(40, 0xff)]),
    Buffer.concat([Buffer.from('RIFF\0\0\0\0WEBP'), Buffer.alloc(40, 0xff)]),
    Buffer.concat([Buffer.from('GIF89a'), Buffer.from([0x21, 0xfe]), Buffer.alloc(40, 0xff)]),
  ])
    assert.deepEqual(look({ data: base64(picture) }), []);
});

test('names, paths and digests decode to nothing', () => {
  for (const text of [
    'a/long/path/to/some/file/that/is/deep/enough/index.ts',
    'some-rather-long-name-of-a-thing-with-dashes',
    'd41d8cd98f00b204e9800998ecf8427ed41d8cd98f00b204',
    'MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAu1SU1LfVLPHCozMxH2Mo',
  ])
    assert.deepEqual(look({ text }), [], text);
});

test('of any text each view names places inside of it', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      base64(`token ${npm} end`),
      Buffer.from(npm).toString('hex'),
      'a%40b.co',
      '","',
      '"},{"text":"',
      '\\n',
      '\\/',
    ),
    fc.string({ maxLength: 12 }),
    fc.base64String({ minLength: 20, maxLength: 60 }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = Buffer.from(pieces.join('')).toString('latin1');
      for (const view of [...encodedViews(text), ...percentViews(text), ...joinedViews(text)])
        for (const { start, end } of view.placesOf(0, view.text.length))
          assert.ok(start >= 0 && start < end && end <= text.length);
    }),
    { numRuns: 400 },
  );
});
