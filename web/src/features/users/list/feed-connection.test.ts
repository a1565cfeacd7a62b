import { Timestamp } from '@roster/proto/gen/google/protobuf/timestamp';
import { expect, test } from 'vitest';
import { reasonDetails } from '../../../rpc/testing/reason-details.ts';
import { begin, checkpoint, end, goAway, resumed, upserts } from './testing/feed-events.ts';
import { drawnIds, goLive, setUpList, userAt } from './testing/list-setup.ts';

test('the first page is read by a finite call, and followed from its resume token on the route of the feed', async () => {
  const setup = setUpList();
  await goLive(setup);
  const [first, watch] = setup.server.calls;
  expect(first?.request).toMatchObject({ envelope: true, watch: false, resumeToken: '', pageSize: 3 });
  expect(first?.meta).not.toHaveProperty('x-roster-feed');
  expect(watch?.request).toMatchObject({ watch: true, resumeToken: 't1' });
  expect(watch?.meta).toMatchObject({ 'x-roster-feed': '1' });
  expect(setup.list.getSnapshot()).toMatchObject({ status: 'ready', connection: { kind: 'live' }, total: { size: 3 } });
});

test('a feed that breaks off is resumed from its last checkpoint; the rows stay meanwhile', async () => {
  const setup = setUpList();
  const { server, scheduler, list } = setup;
  await goLive(setup);
  server.last().send(upserts(userAt(40)), checkpoint('t2', 4));
  await scheduler.settle();
  server.last().fail('UNAVAILABLE');
  await scheduler.settle();
  const { connection } = list.getSnapshot();
  expect(connection).toMatchObject({
    kind: 'reconnecting',
    retryAt: scheduler.now() + 500,
    error: { kind: 'unreachable' },
  });
  expect(drawnIds(list)).toEqual(['u40', 'u30', 'u20', 'u10']);
  const callsBefore = server.calls.length;
  await scheduler.advance(499);
  expect(server.calls.length).toBe(callsBefore);
  await scheduler.advance(1);
  expect(server.last().request).toMatchObject({ watch: true, resumeToken: 't2' });
  server.last().send(resumed(4));
  await scheduler.settle();
  expect(list.getSnapshot()).toMatchObject({ connection: { kind: 'live' }, reconnects: 1 });
});

test('the lag of the feed is that of what it tells as it happens, not of what was missed while there was none', async () => {
  const setup = setUpList();
  const { server, scheduler, list } = setup;
  await goLive(setup);
  const changedNow = () => ({ updatedAt: Timestamp.fromDate(new Date(scheduler.now())) });
  await scheduler.advance(5000);
  const told = upserts(userAt(40, 40, changedNow()));
  await scheduler.advance(70);
  server.last().send(told);
  await scheduler.settle();
  expect(list.getSnapshot().feedLagMs).toBe(70);
  server.last().fail('UNAVAILABLE');
  await scheduler.settle();
  const missed = upserts(userAt(50, 50, changedNow()));
  await scheduler.advance(500);
  server.last().send(resumed(5), missed);
  await scheduler.settle();
  expect(list.getSnapshot()).toMatchObject({ connection: { kind: 'live' }, feedLagMs: 70 });
});

test('a stream that ends in order without a go-away has broken off', async () => {
  const setup = setUpList();
  await goLive(setup);
  setup.server.last().end();
  await setup.scheduler.settle();
  expect(setup.list.getSnapshot().connection.kind).toBe('reconnecting');
});

test('waits grow while the server stays away, and the network coming back cuts them short', async () => {
  const { server, scheduler, page, list } = setUpList();
  for (const waitMs of [500, 1000, 2000]) {
    await scheduler.settle();
    server.last().fail('UNAVAILABLE');
    await scheduler.settle();
    expect(list.getSnapshot().connection).toMatchObject({ kind: 'reconnecting', retryAt: scheduler.now() + waitMs });
    await scheduler.advance(waitMs);
  }
  server.last().fail('UNAVAILABLE');
  await scheduler.advance(1000);
  const before = server.calls.length;
  page.send('online');
  await scheduler.settle();
  expect(server.calls.length).toBe(before + 1);
});

test('while somebody looks the waits for a server that is away stay below five seconds; hidden, they grow on', async () => {
  const { server, scheduler, page, list } = setUpList();
  const waitMs = async () => {
    await scheduler.settle();
    server.last().fail('UNAVAILABLE');
    await scheduler.settle();
    const { connection } = list.getSnapshot();
    const wait = connection.kind === 'reconnecting' ? connection.retryAt - scheduler.now() : Number.NaN;
    await scheduler.advance(wait);
    return wait;
  };
  const waits: number[] = [];
  while (waits.length < 6) waits.push(await waitMs());
  expect(waits).toEqual([500, 1000, 2000, 3000, 3000, 3000]);
  page.send('hidden');
  expect(await waitMs()).toBe(30_000);
});

test('a server that is in trouble is given the long waits, also while somebody looks', async () => {
  const { server, scheduler, list } = setUpList();
  let last = 0;
  for (let count = 0; count < 7; count += 1) {
    await scheduler.settle();
    server.last().fail('INTERNAL');
    await scheduler.settle();
    const { connection } = list.getSnapshot();
    last = connection.kind === 'reconnecting' ? connection.retryAt - scheduler.now() : Number.NaN;
    await scheduler.advance(last);
  }
  expect(last).toBe(30_000);
});

test('a device that is offline is said to be so, and comes back by itself', async () => {
  const setup = setUpList();
  const { server, scheduler, page, list } = setup;
  await goLive(setup);
  page.send('offline');
  server.last().fail('UNAVAILABLE');
  await scheduler.settle();
  expect(list.getSnapshot().connection).toEqual({ kind: 'offline', lastFrameAt: list.getSnapshot().lastFrameAt });
  page.send('online');
  await scheduler.advance(500);
  server.last().send(resumed(3));
  await scheduler.settle();
  expect(list.getSnapshot().connection.kind).toBe('live');
});

test('what was on its way when the device went offline does not call the list live', async () => {
  const setup = setUpList();
  const { server, scheduler, page, list } = setup;
  await goLive(setup);
  const watch = server.last();
  page.send('offline');
  if (!watch.isOver()) watch.send(checkpoint('t2', 3));
  await scheduler.settle();
  expect(list.getSnapshot().connection.kind).toBe('offline');
  expect(watch.isOver()).toBe(true);
});

test('an attempt that lived through a time offline is made anew: its connection may be dead without saying so', async () => {
  const setup = setUpList();
  const { server, scheduler, page, list } = setup;
  await goLive(setup);
  page.send('offline');
  await scheduler.settle();
  const before = server.calls.length;
  page.send('online');
  await scheduler.settle();
  expect(server.calls.length).toBe(before + 1);
  expect(server.last().request).toMatchObject({ watch: true, resumeToken: 't1' });
  expect(list.getSnapshot().connection.kind).toBe('offline');
  server.last().send(resumed(3));
  await scheduler.settle();
  expect(list.getSnapshot().connection.kind).toBe('live');
});

test('a go-away is followed by a resume after the time that the server asks for', async () => {
  const setup = setUpList();
  const { server, scheduler } = setup;
  await goLive(setup);
  await scheduler.advance(9_000);
  server.last().send(checkpoint('t2', 3));
  await scheduler.advance(5_000);
  server.last().send(goAway('RESTART', 2));
  await scheduler.advance(1_999);
  const before = server.calls.length;
  await scheduler.advance(1);
  expect(server.calls.length).toBe(before + 1);
  expect(server.last().request).toMatchObject({ watch: true, resumeToken: 't2' });
});

test('a go-away to read anew reads the first page again', async () => {
  const setup = setUpList();
  const { server, scheduler } = setup;
  await goLive(setup);
  server.last().send(goAway('RELIST'));
  await scheduler.advance(500);
  expect(server.last().request).toMatchObject({ watch: false, envelope: true, resumeToken: '' });
});

test('a server that sends everyone away at once is not stormed', async () => {
  const setup = setUpList();
  const { server, scheduler } = setup;
  await goLive(setup);
  const before = server.calls.length;
  for (let i = 0; i < 100; i += 1) {
    if (!server.last().isOver()) server.last().send(resumed(3), goAway('RESTART'));
    await scheduler.advance(100);
  }
  expect(server.calls.length - before).toBeLessThan(6);
});

test('a snapshot in place of a resume replaces the rows when it is complete, not before', async () => {
  const setup = setUpList();
  const { server, scheduler, list } = setup;
  await goLive(setup);
  server.last().send(begin(2), upserts(userAt(50), userAt(20)));
  await scheduler.settle();
  expect(drawnIds(list)).toEqual(['u30', 'u20', 'u10']);
  expect(list.getSnapshot().connection.kind).toBe('catching-up');
  server.last().send(end('t9'));
  await scheduler.settle();
  expect(drawnIds(list)).toEqual(['u50', 'u20']);
  expect(list.getSnapshot().connection.kind).toBe('live');
});

test('silence for nearly two heartbeats is stale since the last frame, and the feed is opened anew', async () => {
  const setup = setUpList();
  const { server, scheduler, list } = setup;
  await goLive(setup);
  const { lastFrameAt } = list.getSnapshot();
  const watch = server.last();
  await scheduler.advance(18_999);
  expect(list.getSnapshot().connection.kind).toBe('live');
  await scheduler.advance(1);
  expect(list.getSnapshot().connection).toEqual({ kind: 'stale', since: lastFrameAt });
  expect(watch.isOver()).toBe(true);
  expect(server.last()).not.toBe(watch);
  server.last().send(resumed(3));
  await scheduler.settle();
  expect(list.getSnapshot().connection.kind).toBe('live');
});

test('heartbeats keep a quiet list live', async () => {
  const setup = setUpList();
  await goLive(setup);
  for (let i = 0; i < 10; i += 1) {
    await setup.scheduler.advance(10_000);
    setup.server.last().send(checkpoint(`t${i}`, 3));
  }
  await setup.scheduler.settle();
  expect(setup.list.getSnapshot().connection.kind).toBe('live');
  expect(setup.server.calls.length).toBe(2);
});

test('being far behind is said, and then that it has caught up', async () => {
  const setup = setUpList();
  await goLive(setup);
  setup.server.last().send(checkpoint('t2', 3, 1200));
  await setup.scheduler.settle();
  expect(setup.list.getSnapshot().connection).toEqual({ kind: 'catching-up', behind: 1200 });
  setup.server.last().send(checkpoint('t3', 3));
  await setup.scheduler.settle();
  expect(setup.list.getSnapshot().connection.kind).toBe('live');
});

test.each(['PERMISSION_DENIED', 'INVALID_ARGUMENT'] as const)(
  'after %s it asks no more until somebody tells it to',
  async (code) => {
    const setup = setUpList();
    const { server, scheduler, page, list } = setup;
    await goLive(setup);
    server.last().fail('UNAVAILABLE');
    await scheduler.advance(500);
    server.last().fail(code);
    await scheduler.settle();
    expect(list.getSnapshot().connection.kind).toBe('refused');
    const before = server.calls.length;
    page.send('online');
    page.send('visible');
    await scheduler.advance(3_600_000);
    expect(server.calls.length).toBe(before);
    list.retry();
    await scheduler.settle();
    expect(server.calls.length).toBe(before + 1);
  },
);

test('a feed whose person may do something else by now is followed anew by itself, from where it was', async () => {
  const setup = setUpList();
  const { server, scheduler, list } = setup;
  await goLive(setup);
  server.last().fail('PERMISSION_DENIED', reasonDetails('RIGHTS_CHANGED'));
  await scheduler.advance(500);
  expect(server.last().request).toMatchObject({ watch: true, resumeToken: 't1' });
  server.last().send(resumed(3));
  await scheduler.settle();
  expect(list.getSnapshot().connection.kind).toBe('live');
});

test('a feed whose session has ended goes on in the next one of the same person, and is refused where there is none', async () => {
  const setup = setUpList();
  const { server, scheduler, list } = setup;
  await goLive(setup);
  server.last().fail('UNAUTHENTICATED', reasonDetails('NOT_SIGNED_IN'));
  await scheduler.advance(500);
  expect(server.last().request).toMatchObject({ watch: true, resumeToken: 't1' });
  server.last().send(resumed(3));
  await scheduler.settle();
  expect(list.getSnapshot().connection.kind).toBe('live');

  // Another sign-in may have taken the place of the session that it came with.
  server.last().fail('UNAVAILABLE');
  await scheduler.advance(2000);
  server.last().fail('UNAUTHENTICATED', reasonDetails('NOT_SIGNED_IN'));
  await scheduler.advance(4000);
  server.last().fail('UNAUTHENTICATED', reasonDetails('NOT_SIGNED_IN'));
  await scheduler.settle();
  expect(list.getSnapshot().connection.kind).toBe('refused');
  const before = server.calls.length;
  await scheduler.advance(3_600_000);
  expect(server.calls.length).toBe(before);
  list.retry();
  await scheduler.settle();
  expect(server.calls.length).toBe(before + 1);
});

test('what the page reads by itself is told apart from what somebody has opened, for it keeps no session alive', async () => {
  const setup = setUpList();
  const { server, scheduler } = setup;
  await goLive(setup);
  expect(server.calls[0]?.meta).not.toHaveProperty('x-roster-background');
  server.last().send(goAway('RELIST'));
  await scheduler.advance(1000);
  expect(server.last().request.watch).toBe(false);
  expect(server.last().meta).toMatchObject({ 'x-roster-background': '1' });
});

test('a page that nobody sees lets its feed go after a minute, and resumes when it is seen again', async () => {
  const setup = setUpList();
  const { server, scheduler, page, list } = setup;
  await goLive(setup);
  const watch = server.last();
  const beat = async () => {
    watch.send(checkpoint('t5', 3));
    await scheduler.advance(10_000);
  };
  page.send('hidden');
  for (let i = 0; i < 5; i += 1) await beat();
  expect(watch.isOver()).toBe(false);
  await beat();
  expect(watch.isOver()).toBe(true);
  expect(list.getSnapshot().connection.kind).toBe('stale');
  await scheduler.advance(600_000);
  expect(server.last()).toBe(watch);
  page.send('visible');
  await scheduler.settle();
  expect(server.last().request).toMatchObject({ watch: true, resumeToken: 't5' });
});

test('a page that is only glanced away from keeps its feed', async () => {
  const setup = setUpList();
  await goLive(setup);
  const watch = setup.server.last();
  const beat = async () => {
    await setup.scheduler.advance(10_000);
    watch.send(checkpoint('t5', 3));
  };
  setup.page.send('hidden');
  await beat();
  await beat();
  setup.page.send('visible');
  for (let i = 0; i < 6; i += 1) await beat();
  expect(setup.server.last()).toBe(watch);
});

test('a page that goes into the back-forward cache holds no connection', async () => {
  const setup = setUpList();
  await goLive(setup);
  const watch = setup.server.last();
  setup.page.send('leave');
  await setup.scheduler.settle();
  expect(watch.isOver()).toBe(true);
  setup.page.send('return');
  await setup.scheduler.settle();
  expect(setup.server.last()).not.toBe(watch);
});

test('a machine that wakes from sleep finds out at once that its feed is old', async () => {
  const setup = setUpList();
  const { scheduler, page, server } = setup;
  await goLive(setup);
  const watch = server.last();
  scheduler.sleep(3_600_000);
  page.send('visible');
  await scheduler.settle();
  expect(watch.isOver()).toBe(true);
  expect(server.last().request).toMatchObject({ watch: true });
});

test('closing ends every call, and nothing is called any more', async () => {
  const setup = setUpList();
  const { server, scheduler, page, list } = setup;
  await goLive(setup);
  list.close();
  await scheduler.settle();
  expect(server.calls.every((call) => call.isOver())).toBe(true);
  const before = server.calls.length;
  page.send('online');
  await scheduler.advance(3_600_000);
  expect(server.calls.length).toBe(before);
});

test('without a connection left it reads the list every five seconds, and follows it from there once there is one', async () => {
  let isFree = false;
  const slots = { claim: async () => (isFree ? () => undefined : undefined), onWanted: () => () => undefined };
  const { server, scheduler, list } = setUpList({ slots });
  for (const token of ['p1', 'p2']) {
    await scheduler.settle();
    expect(server.last().request).toMatchObject({ watch: false, envelope: true });
    server.last().send(begin(1), upserts(userAt(10)), end(token));
    server.last().end();
    await scheduler.settle();
    expect(list.getSnapshot()).toMatchObject({ status: 'ready', connection: { kind: 'polling', everyMs: 5000 } });
    const before = server.calls.length;
    await scheduler.advance(4_999);
    expect(server.calls.length).toBe(before);
    isFree = token === 'p2';
    await scheduler.advance(1);
    expect(server.calls.length).toBe(before + 1);
  }
  expect(server.last().request).toMatchObject({ watch: true, resumeToken: 'p2' });
});

test('a hidden page gives its connection up at once when another page wants it', async () => {
  let want: () => void = () => undefined;
  const released: string[] = [];
  const slots = {
    claim: async () => () => released.push('slot'),
    onWanted(listener: () => void) {
      want = listener;
      return () => undefined;
    },
  };
  const setup = setUpList({ slots });
  await goLive(setup);
  want();
  await setup.scheduler.settle();
  expect(released).toEqual([]);
  setup.page.send('hidden');
  want();
  await setup.scheduler.settle();
  expect(released).toEqual(['slot']);
  expect(setup.watch().isOver()).toBe(true);
});
