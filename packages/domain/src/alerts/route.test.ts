import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Notification } from './notification.ts';
import { isTimeZone, isWantedBy, type QuietHours, quietUntil, type RouteFilter } from './route.ts';

const nights: QuietHours = { timeZone: 'Europe/Berlin', from: '22:00', to: '07:00', days: null, unless: 'critical' };
const at = (time: string) => Date.parse(time);
const until = (quiet: QuietHours, time: string, severity: 'low' | 'critical' = 'low') => {
  const end = quietUntil(quiet, severity, at(time));
  return end === null ? null : new Date(end).toISOString();
};

test('quiet hours are those of their time zone, over midnight too, and what is severe enough passes', () => {
  assert.equal(until(nights, '2026-01-10T20:59:00Z'), null);
  assert.equal(until(nights, '2026-01-10T21:00:30Z'), '2026-01-11T06:00:00.000Z');
  assert.equal(until(nights, '2026-01-11T05:59:59Z'), '2026-01-11T06:00:00.000Z');
  assert.equal(until(nights, '2026-01-11T06:00:00Z'), null);
  assert.equal(until(nights, '2026-07-10T20:30:00Z'), '2026-07-11T05:00:00.000Z');
  assert.equal(until(nights, '2026-01-10T23:00:00Z', 'critical'), null);
  assert.equal(until({ ...nights, unless: null }, '2026-01-10T23:00:00Z', 'critical'), '2026-01-11T06:00:00.000Z');
  assert.equal(quietUntil(null, 'low', at('2026-01-10T23:00:00Z')), null);
});

test('where clocks are changed in the night, quiet hours end when the clock on the wall says so', () => {
  assert.equal(until(nights, '2026-03-28T23:00:00Z'), '2026-03-29T05:00:00.000Z');
  assert.equal(until(nights, '2026-10-24T22:00:00Z'), '2026-10-25T06:00:00.000Z');
});

test('days are those on which the hours begin', () => {
  const weekends: QuietHours = { ...nights, from: '00:00', to: '00:00', days: [0, 6], timeZone: 'UTC' };
  assert.equal(until(weekends, '2026-11-20T23:59:00Z'), null);
  assert.equal(until(weekends, '2026-11-21T00:00:00Z'), '2026-11-22T00:00:00.000Z');
  assert.equal(until(weekends, '2026-11-22T12:00:00Z'), '2026-11-23T00:00:00.000Z');
  assert.equal(until(weekends, '2026-11-23T00:00:00Z'), null);
  const fridays: QuietHours = { ...nights, days: [5], timeZone: 'UTC' };
  assert.equal(until(fridays, '2026-11-21T03:00:00Z'), '2026-11-21T07:00:00.000Z');
  assert.equal(until(fridays, '2026-11-21T23:00:00Z'), null);
});

test('waiting always ends within a day or so, and then it is not quiet any more', () => {
  const zones = fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Australia/Lord_Howe');
  const time = fc
    .tuple(fc.nat(23), fc.nat(59))
    .map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
  fc.assert(
    fc.property(
      zones,
      time,
      time,
      fc.integer({ min: 1_770_000_000, max: 1_810_000_000 }),
      (timeZone, from, to, seconds) => {
        fc.pre(from !== to);
        const quiet = { timeZone, from, to, days: null, unless: null };
        const now = seconds * 1000;
        const end = quietUntil(quiet, 'low', now);
        if (end === null) return;
        assert.ok(end > now && end <= now + 26 * 3_600_000, new Date(end).toISOString());
        // A clock that is set back may show the last minutes a second time.
        const still = quietUntil(quiet, 'low', end);
        assert.ok(still === null || still <= end + 2 * 3_600_000);
      },
    ),
  );
});

test('a route takes what its filter names, and nothing else', () => {
  const told: Notification = {
    ...{ id: 'ntf_1', organization: 'org_a', type: 'alert.raised', at: 1, severity: 'medium', title: 't', text: '' },
    ...{ policy: { id: 'pol_1', name: 'p' }, server: null, alert: null, people: [], link: null, data: {} },
  };
  const all: RouteFilter = { types: null, severity: 'info', policies: null, servers: null };
  assert.equal(isWantedBy(all, told), true);
  assert.equal(isWantedBy({ ...all, severity: 'high' }, told), false);
  assert.equal(isWantedBy({ ...all, types: ['approval.asked'] }, told), false);
  assert.equal(isWantedBy({ ...all, types: ['alert.raised'], policies: ['pol_1'] }, told), true);
  assert.equal(isWantedBy({ ...all, policies: ['pol_2'] }, told), false);
  assert.equal(isWantedBy({ ...all, servers: ['srv_1'] }, told), false);
  assert.equal(isWantedBy({ ...all, servers: ['srv_1'] }, { ...told, server: { id: 'srv_1', name: 's' } }), true);
});

test('time zones are known by name', () => {
  for (const name of ['UTC', 'Asia/Tokyo']) assert.equal(isTimeZone(name), true);
  for (const name of ['', 'Nowhere/Atall', 'Europe/Berlin\nx']) assert.equal(isTimeZone(name), false);
});
