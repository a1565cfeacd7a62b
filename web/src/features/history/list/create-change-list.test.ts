import {
  ListUserChangesRequest,
  ListUserChangesResponse,
  UserChange,
} from '@roster/proto/gen/roster/history/v1/history_service';
import { HistoryServiceClient } from '@roster/proto/gen/roster/history/v1/history_service.client';
import { expect, test } from 'vitest';
import { createFakePage } from '../../../lib/testing/fake-page.ts';
import { createFakeScheduler } from '../../../lib/testing/fake-scheduler.ts';
import { createControlledStreams } from '../../../rpc/testing/controlled-transport.ts';
import { createChangeList } from './create-change-list.ts';
import { createSwitchingChangeList } from './switching-change-list.ts';

const freeSlots = { claim: async () => () => undefined, onWanted: () => () => undefined };

type Message = Partial<ListUserChangesResponse>;
const changes = (...revisions: readonly number[]) =>
  revisions.map((revision) => UserChange.create({ revision, userId: `u${revision}` }));
const page = (revisions: readonly number[], nextPageToken = ''): Message => ({
  changes: changes(...revisions),
  nextPageToken,
  endsPage: true,
});
const live = (...revisions: readonly number[]): Message => ({ changes: changes(...revisions) });

function setUp({ slots = freeSlots, maxLive = 1000 }: Partial<{ slots: typeof freeSlots; maxLive: number }> = {}) {
  const server = createControlledStreams(ListUserChangesRequest, (message: Message) =>
    ListUserChangesResponse.toBinary(ListUserChangesResponse.create(message)),
  );
  const scheduler = createFakeScheduler();
  const host = { scheduler, page: createFakePage(), slots, random: () => 1 };
  const client = new HistoryServiceClient(server.transport);
  const open = (filter = {}) => createChangeList({ client, filter, pageSize: 3, maxLive, ...host });
  return { server, scheduler, host, open };
}

type Setup = ReturnType<typeof setUp>;

async function openLive(setup: Setup) {
  const list = setup.open();
  await setup.scheduler.settle();
  setup.server.last().send(page([9, 8, 7], 'after-7'));
  await setup.scheduler.settle();
  return list;
}

const shown = (list: { getSnapshot(): { changes: readonly UserChange[] } }) =>
  list.getSnapshot().changes.map(({ revision }) => revision);

test('the first page and what follows come by one watch, on the route of the feed', async () => {
  const setup = setUp();
  const list = await openLive(setup);
  expect(setup.server.calls).toHaveLength(1);
  expect(setup.server.last().request).toMatchObject({ watch: true, pageSize: 3, pageToken: '' });
  expect(setup.server.last().meta).toMatchObject({ 'x-roster-feed': '1' });
  expect(list.getSnapshot()).toMatchObject({ status: 'ready', connection: { kind: 'live' }, hasMore: true });
  setup.server.last().send(live(10), live(12, 11));
  await setup.scheduler.settle();
  expect(shown(list)).toEqual([12, 11, 10, 9, 8, 7]);
});

test('a page in several messages is shown when it is whole', async () => {
  const setup = setUp();
  const list = setup.open();
  await setup.scheduler.settle();
  setup.server.last().send(live(9, 8));
  await setup.scheduler.settle();
  expect(list.getSnapshot().status).toBe('loading');
  setup.server.last().send(page([7]));
  await setup.scheduler.settle();
  expect(shown(list)).toEqual([9, 8, 7]);
});

test('while it is held, what is new waits and is counted; let go, it is there', async () => {
  const setup = setUp();
  const list = await openLive(setup);
  const release = list.hold();
  setup.server.last().send(live(10), live(11));
  await setup.scheduler.settle();
  expect([shown(list), list.getSnapshot().arrivals]).toEqual([[9, 8, 7], 2]);
  list.showArrivals();
  setup.server.last().send(live(12));
  await setup.scheduler.settle();
  expect([shown(list), list.getSnapshot().arrivals]).toEqual([[11, 10, 9, 8, 7], 1]);
  release();
  await setup.scheduler.settle();
  expect([shown(list), list.getSnapshot().arrivals]).toEqual([[12, 11, 10, 9, 8, 7], 0]);
});

test('older pages come when asked, also while it is held, and a failure leaves what is there', async () => {
  const setup = setUp();
  const list = await openLive(setup);
  const watch = setup.server.last();
  const release = list.hold();
  watch.send(live(10));
  await setup.scheduler.settle();
  list.loadMore();
  list.loadMore();
  await setup.scheduler.settle();
  expect(setup.server.calls).toHaveLength(2);
  expect(setup.server.last().request).toMatchObject({ watch: false, pageToken: 'after-7' });
  setup.server.last().fail('UNAVAILABLE');
  await setup.scheduler.settle();
  expect(list.getSnapshot()).toMatchObject({ moreError: { kind: 'unreachable' }, hasMore: true });
  list.loadMore();
  await setup.scheduler.settle();
  setup.server.last().send(page([6, 5]));
  setup.server.last().end();
  await setup.scheduler.settle();
  expect([shown(list), list.getSnapshot().hasMore]).toEqual([[9, 8, 7, 6, 5], false]);
  release();
  await setup.scheduler.settle();
  expect(shown(list)).toEqual([10, 9, 8, 7, 6, 5]);
});

test('a watch that the server ends in order is opened again over all that is held, and what was missed is filled in', async () => {
  const setup = setUp();
  const list = await openLive(setup);
  setup.server.last().send(live(10));
  setup.server.last().end();
  await setup.scheduler.advance(30_000);
  expect(setup.server.last().request).toMatchObject({ watch: true, pageSize: 4 });
  setup.server.last().send(page([11, 10, 9, 8], 'after-8'));
  await setup.scheduler.settle();
  expect([shown(list), list.getSnapshot().connection.kind]).toEqual([[11, 10, 9, 8], 'live']);
});

test('who was erased while the watch was away is gone from it once it is back, also from what is held', async () => {
  const setup = setUp();
  const list = await openLive(setup);
  const release = list.hold();
  setup.server.last().fail('UNAVAILABLE');
  await setup.scheduler.advance(500);
  setup.server.last().send(page([10, 9, 8], 'after-8'));
  await setup.scheduler.settle();
  expect([shown(list), list.getSnapshot().arrivals]).toEqual([[9, 8], 1]);
  release();
  await setup.scheduler.settle();
  expect(shown(list)).toEqual([10, 9, 8]);
});

test('a watch that breaks off is said so, and comes back by itself', async () => {
  const setup = setUp();
  const list = await openLive(setup);
  setup.server.last().fail('UNAVAILABLE');
  await setup.scheduler.settle();
  expect(list.getSnapshot().connection.kind).toBe('reconnecting');
  expect(shown(list)).toEqual([9, 8, 7]);
  await setup.scheduler.advance(500);
  setup.server.last().send(page([20, 19, 18], 'after-18'));
  await setup.scheduler.settle();
  expect(shown(list)).toEqual([20, 19, 18]);
});

test('people who were erased are gone from it, also from what is held', async () => {
  const setup = setUp();
  const list = await openLive(setup);
  list.hold();
  setup.server.last().send(live(10), { erasedUserIds: ['u8'] });
  await setup.scheduler.settle();
  expect(shown(list)).toEqual([9, 7]);
});

test('a flood is not kept: the list begins anew with its first page', async () => {
  const setup = setUp({ maxLive: 4 });
  const list = await openLive(setup);
  const watch = setup.server.last();
  watch.send(live(10, 11, 12, 13, 14));
  await setup.scheduler.settle();
  expect(setup.server.last().request).toMatchObject({ watch: false, pageToken: '' });
  watch.send(live(16));
  await setup.scheduler.settle();
  setup.server.last().send(page([15, 14, 13], 'after-13'));
  setup.server.last().end();
  await setup.scheduler.settle();
  watch.send(live(15, 17));
  await setup.scheduler.settle();
  expect(shown(list)).toEqual([17, 16, 15, 14, 13]);
});

test('without a connection to spare the first page is read again and again', async () => {
  const setup = setUp({ slots: { ...freeSlots, claim: async () => undefined as never } });
  const list = setup.open();
  await setup.scheduler.settle();
  expect(setup.server.last().request.watch).toBe(false);
  setup.server.last().send(page([9, 8, 7], 'after-7'));
  setup.server.last().end();
  await setup.scheduler.advance(5000);
  expect(list.getSnapshot().connection.kind).toBe('polling');
  setup.server.last().send(page([11, 9, 8], 'after-8'));
  setup.server.last().end();
  await setup.scheduler.settle();
  expect(shown(list)).toEqual([11, 9, 8]);
});

test('a refusal is shown, and tried again only when asked', async () => {
  const setup = setUp();
  const list = setup.open();
  await setup.scheduler.settle();
  setup.server.last().fail('PERMISSION_DENIED');
  await setup.scheduler.advance(60_000);
  expect(setup.server.calls).toHaveLength(1);
  expect(list.getSnapshot()).toMatchObject({ status: 'failed', error: { kind: 'not-permitted' } });
  list.retry();
  await setup.scheduler.settle();
  expect(setup.server.calls).toHaveLength(2);
});

test('under another filter the entries before stay until the new ones are there', async () => {
  const setup = setUp();
  const list = createSwitchingChangeList(setup.open);
  list.switchTo({});
  await setup.scheduler.settle();
  setup.server.last().send(page([9, 8, 7], 'after-7'));
  await setup.scheduler.settle();
  const before = setup.server.last();
  list.switchTo({ userId: 'u1' });
  await setup.scheduler.settle();
  expect(setup.server.last().request).toMatchObject({ userId: 'u1' });
  expect([shown(list), list.getSnapshot().isPrevious]).toEqual([[9, 8, 7], true]);
  setup.server.last().send(page([8]));
  await setup.scheduler.settle();
  expect([shown(list), list.getSnapshot().isPrevious, before.isOver()]).toEqual([[8], false, true]);
  list.switchTo({});
  list.switchTo({ userId: 'u1' });
  await setup.scheduler.settle();
  expect(list.getSnapshot().isPrevious).toBe(false);
});
