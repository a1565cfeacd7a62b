import { ChangeKind } from '@roster/proto/gen/roster/history/v1/history_service';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { formatHistoryUrl, type HistoryUrl, parseHistoryUrl, toChangeFilter } from './history-url.ts';

const set = (url: HistoryUrl) => Object.fromEntries(Object.entries(url).filter(([, value]) => value !== undefined));

test.each<[HistoryUrl, string]>([
  [{}, '/history'],
  [{ role: 'admin', time: 'week' }, '/history?role=admin&time=week'],
  [
    { person: 'a', by: 'b', kind: 'restored', field: 'metadata.team' },
    '/history?person=a&by=b&kind=restored&field=metadata.team',
  ],
  [{ from: '2026-11-01', to: '2026-11-24', open: 7 }, '/history?from=2026-11-01&to=2026-11-24&open=7'],
  [{ change: 123 }, '/history?change=123'],
])('%o stands in the address as %s, and comes back from there', (url, address) => {
  expect(formatHistoryUrl(url)).toBe(address);
  expect(set(parseHistoryUrl(address.split('?')[1] ?? ''))).toEqual(url);
});

test.each([
  'change=0',
  'change=-1',
  'change=1e3',
  'kind=stolen',
  'role=ADMIN',
  'time=year',
  'from=2026-02-30',
  'to=yesterday',
  'open=x',
  'person=',
])('what an address cannot mean is left out: %s', (search) => {
  expect(set(parseHistoryUrl(search))).toEqual({});
});

test('a span of time counts from the minute that it is read in; days are whole and local, the last one included', () => {
  const now = new Date(2026, 10, 24, 12, 30, 17).getTime();
  expect(toChangeFilter({ time: 'hour' }, now)).toMatchObject({ since: new Date(2026, 10, 24, 11, 30).getTime() });
  expect(toChangeFilter({ from: '2026-11-01', to: '2026-11-24' }, now)).toMatchObject({
    since: new Date(2026, 10, 1).getTime(),
    until: new Date(2026, 10, 25).getTime(),
  });
});

test('words become what the server knows', () => {
  expect(toChangeFilter({ kind: 'restored', role: 'admin', change: 5 }, 0)).toMatchObject({
    kind: ChangeKind.UNDELETED,
    roleGiven: UserRole.ADMIN,
    revision: 5,
  });
});
