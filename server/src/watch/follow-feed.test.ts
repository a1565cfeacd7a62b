import { User } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { parseFilter } from '../filter/parse-filter.ts';
import { type FollowParts, followFeed } from './follow-feed.ts';
import { createScopeGroup } from './scope-group.ts';

test('a list that has all that is flushed says it is up to date, whatever waits for the next flush', async () => {
  const parsed = parseFilter('');
  if (!parsed.ok) throw new Error('no filter is a good one');
  const scope = { key: 'all', filter: parsed.filter, matches: () => true, toSql: () => 'true' };
  const total = { size: 1, isMinimum: false, facets: [] };
  const live = { total, countedAt: 0, count: async () => undefined, apply: () => undefined, abandon: () => undefined };
  const parts: FollowParts = {
    isDraining: () => false,
    head: () => 8,
    flushedTo: () => 7,
    changeAt: () => undefined,
    readRange: async () => [],
    onStream: () => undefined,
    sealPosition: () => 'token',
    isPresent: () => true,
    heartbeatMs: 15_000,
    maxAgeMs: 60_000,
    maxBehind: 100,
  };
  const { signal } = new AbortController();
  const stream = followFeed(
    { scope, query: 'q', from: 7, epoch: 'e', signal },
    createScopeGroup(scope, 7, live),
    parts,
  );
  const { value } = await stream.next();
  const event = User.fromBinary(value ?? new Uint8Array()).feed?.event;
  expect(event).toMatchObject({ oneofKind: 'checkpoint', checkpoint: { behind: 0, resumeToken: 'token' } });
  await stream.return(undefined);
});
