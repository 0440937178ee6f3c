import assert from 'node:assert/strict';
import { test } from 'node:test';
import { foundBy, foundInJson } from '../testing/found-by.ts';

const found = (value: unknown) => foundBy('connection-string', value);

test('the password of a URL is found, and nothing else of it', () => {
  assert.deepEqual(found('postgres://app:s3cr3t-Pw@db.internal:5432/shop'), ['s3cr3t-Pw']);
  assert.deepEqual(found('redis://:hunter2@cache:6379'), ['hunter2']);
  assert.deepEqual(found('see mongodb+srv://u:p%40ss@h1,h2/db?x=1 for it'), ['p%40ss']);
  assert.deepEqual(found(['https://deploy:tok3n@git.example/repo.git']), ['tok3n']);
});

test('passwords with an at sign, a slash or an escaped character are found whole', () => {
  assert.deepEqual(found('mysql://root:p@ss@host/db'), ['p@ss']);
  assert.deepEqual(found('amqp://user:ab/cd+ef==@broker/vhost'), ['ab/cd+ef==']);
  assert.deepEqual(foundInJson('connection-string', String.raw`{"u":"mysql:\/\/root:a\u0026b\/c@host"}`), [
    String.raw`a\u0026b\/c`,
  ]);
});

test('passwords of key-value connection strings are found', () => {
  assert.deepEqual(found('Server=db;Database=shop;User Id=sa;Password=Pa55;Encrypt=true'), [
    'Pa55;Encrypt=true'.slice(0, 4),
  ]);
  assert.deepEqual(found('psql "host=db user=app password=toor dbname=shop"'), ['toor']);
  assert.deepEqual(found('jdbc:mysql://db/shop?user=root&password=toor&useSSL=false'), ['toor']);
});

test('addresses without a password, ports, and templates are left alone', () => {
  for (const text of [
    'https://example.com:8443/path/user@host',
    'postgres://host:5432/db?owner=a@b',
    'https://user@example.com/',
    'git@github.com:a/b.git',
    'postgres://app:${DB_PASSWORD}@db/shop',
    'postgres://app:<password>@db/shop',
    'postgres://app:****@db/shop',
    'postgres://app:[redacted:connection-string]@db/shop',
    'time 10:30, a://b and c@d',
    "$user = 'app';\n$password = 'myPassword';",
    'this.host=host; this.password == null',
  ])
    assert.deepEqual(found(text), [], text);
});
