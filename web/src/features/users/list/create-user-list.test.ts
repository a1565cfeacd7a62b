import { type UserFeed, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { describe, expect, test } from 'vitest';
import { begin, checkpoint, end, removal, resumed, upserts } from './testing/feed-events.ts';
import { drawnIds, goLive, setUpList, userAt } from './testing/list-setup.ts';

async function setUpLive(size?: number) {
  const setup = setUpList();
  await goLive(setup, size);
  const { scheduler, list } = setup;
  const watch = setup.watch();
  const say = async (...events: readonly UserFeed['event'][]) => {
    watch.send(...events);
    await scheduler.settle();
  };
  return { ...setup, say, drawn: () => drawnIds(list) };
}

describe('the first page', () => {
  test('that cannot be read is a failure with its reason, until a retry succeeds', async () => {
    const { server, scheduler, list } = setUpList();
    await scheduler.settle();
    expect(list.getSnapshot().status).toBe('loading');
    server.last().fail('INVALID_ARGUMENT');
    await scheduler.settle();
    expect(list.getSnapshot()).toMatchObject({ status: 'failed', error: { kind: 'invalid' } });
    list.retry();
    await scheduler.settle();
    expect(list.getSnapshot()).toMatchObject({ status: 'loading', error: undefined });
    server.last().send(begin(1), upserts(userAt(10)), end('t1'));
    server.last().end();
    await scheduler.settle();
    expect(list.getSnapshot()).toMatchObject({ status: 'ready', rowCount: 1 });
  });

  test('of an empty list is ready and empty', async () => {
    const { server, scheduler, list } = setUpList();
    await scheduler.settle();
    server.last().send(begin(0), end('t1'));
    server.last().end();
    await scheduler.settle();
    expect(list.getSnapshot()).toMatchObject({ status: 'ready', rowCount: 0, total: { size: 0, isMinimum: false } });
  });
});

describe('live changes', () => {
  test('come, move and go at their places', async () => {
    const { say, drawn } = await setUpLive();
    await say(upserts(userAt(25)), checkpoint('t2', 4));
    expect(drawn()).toEqual(['u30', 'u25', 'u20', 'u10']);
    await say(removal('u30', 99), checkpoint('t3', 3));
    expect(drawn()).toEqual(['u25', 'u20', 'u10']);
  });

  test('mark the fields that they touched, and leave all other rows the same objects', async () => {
    const { say, list, scheduler } = await setUpLive();
    const untouched = list.rowAt(0);
    await say(upserts(userAt(20, 50, { name: 'Grace', role: UserRole.ADMIN })));
    expect(list.find('u20')?.changed).toEqual({ at: scheduler.now(), fields: new Set(['name', 'role']) });
    expect(list.rowAt(0)).toBe(untouched);
  });

  test('tell their listeners once a frame, however many there were', async () => {
    const { say, list } = await setUpLive();
    let calls = 0;
    list.subscribe(() => {
      calls += 1;
    });
    await say(...Array.from({ length: 50 }, (_, i) => upserts(userAt(100 + i))), checkpoint('t2', 53));
    expect(calls).toBeLessThan(4);
    expect(list.getSnapshot()).toMatchObject({ rowCount: 53 });
  });

  test('that are older than what is held change nothing', async () => {
    const { say, list, drawn } = await setUpLive();
    await say(upserts(userAt(20, 50, { name: 'New' })), upserts(userAt(20, 40, { name: 'Old' })), removal('u20', 49));
    expect(list.find('u20')?.user.name).toBe('New');
    expect(drawn()).toHaveLength(3);
  });
});

describe("one's own edit", () => {
  test('is drawn from its answer until the feed has it, and does not glow', async () => {
    const { say, list, scheduler } = await setUpLive();
    list.applyAnswer(userAt(20, 50, { name: 'Mine' }));
    await scheduler.settle();
    expect(list.find('u20')).toMatchObject({ user: { name: 'Mine' }, changed: undefined });
    await say(upserts(userAt(20, 50, { name: 'Mine' })));
    expect(list.find('u20')).toMatchObject({ user: { name: 'Mine' }, changed: undefined });
    await say(upserts(userAt(20, 60, { name: 'Theirs' })));
    expect(list.find('u20')?.changed?.fields).toEqual(new Set(['name']));
  });

  test('does not glow when the feed was faster than the answer', async () => {
    const { say, list, scheduler } = await setUpLive();
    await say(upserts(userAt(20, 50, { name: 'Mine' })));
    list.applyAnswer(userAt(20, 50, { name: 'Mine' }));
    await scheduler.settle();
    expect(list.find('u20')?.changed).toBeUndefined();
  });

  test('of a row that is not listed inserts nothing', async () => {
    const { list, scheduler, drawn } = await setUpLive();
    list.applyAnswer(userAt(25));
    await scheduler.settle();
    expect(drawn()).toEqual(['u30', 'u20', 'u10']);
  });

  test('that deletes is drawn as gone, until the feed confirms it or it is taken back', async () => {
    const { say, list, scheduler, drawn } = await setUpLive();
    const undo = list.applyDelete('u20');
    await scheduler.settle();
    expect(drawn()).toEqual(['u30', '-u20', 'u10']);
    undo();
    await scheduler.settle();
    expect(drawn()).toEqual(['u30', 'u20', 'u10']);
    list.applyDelete('u20');
    await say(removal('u20', 50), checkpoint('t2', 2));
    expect(drawn()).toEqual(['u30', 'u10']);
    await say(upserts(userAt(20, 60)), checkpoint('t3', 3));
    expect(drawn()).toEqual(['u30', 'u20', 'u10']);
  });
});

describe('a list that is held still', () => {
  test('keeps every row in its place, counts what waits, and draws what has left as gone', async () => {
    const { say, list, drawn } = await setUpLive();
    const release = list.hold();
    await say(upserts(userAt(40)), upserts(userAt(25)), removal('u20', 99), checkpoint('t2', 4));
    expect(drawn()).toEqual(['u30', '-u20', 'u10']);
    expect(list.getSnapshot()).toMatchObject({ arrivals: 2, total: { size: 4 } });
    expect(list.find('u20')).toBeUndefined();
    release();
    await say(checkpoint('t3', 4));
    expect(drawn()).toEqual(['u40', 'u30', 'u25', 'u10']);
    expect(list.getSnapshot().arrivals).toBe(0);
  });

  test('still shows the newest contents of its rows', async () => {
    const { say, list } = await setUpLive();
    list.hold();
    await say(upserts(userAt(20, 50, { name: 'Grace' })));
    expect(list.rowAt(1)?.user.name).toBe('Grace');
  });

  test('lets the arrivals in when asked, and holds on', async () => {
    const { say, list, scheduler, drawn } = await setUpLive();
    list.hold();
    await say(upserts(userAt(40)), checkpoint('t2', 4));
    list.showArrivals();
    await scheduler.settle();
    expect(drawn()).toEqual(['u40', 'u30', 'u20', 'u10']);
    await say(upserts(userAt(50)), checkpoint('t3', 5));
    expect(drawn().slice(0, 4)).toEqual(['u40', 'u30', 'u20', 'u10']);
    expect(list.getSnapshot().arrivals).toBe(1);
  });

  test('stays held until everyone who holds it has let go', async () => {
    const { say, list } = await setUpLive();
    const [first, second] = [list.hold(), list.hold()];
    first();
    first();
    await say(upserts(userAt(40)), checkpoint('t2', 4));
    expect(list.getSnapshot().arrivals).toBe(1);
    second();
    await say(checkpoint('t3', 4));
    expect(list.getSnapshot().arrivals).toBe(0);
  });

  test('forgets an arrival that leaves before it was let in', async () => {
    const { say, list } = await setUpLive();
    list.hold();
    await say(upserts(userAt(40)), removal('u40', 99), checkpoint('t2', 3));
    expect(list.getSnapshot().arrivals).toBe(0);
  });
});

describe('a list that is longer than what is loaded', () => {
  /** Answers the page that is being read. */
  async function answerPage(
    setup: Awaited<ReturnType<typeof setUpLive>>,
    orders: readonly number[],
    size: number,
    next = '',
  ) {
    const reading = setup.reading();
    reading.send(begin(size), upserts(...orders.map((order) => userAt(order))), end('t', next));
    reading.end();
    await setup.scheduler.settle();
  }

  test('reads on by its page token as the view comes near', async () => {
    const setup = await setUpLive(5);
    expect(setup.reading().request).toMatchObject({ pageToken: 'after-10', watch: false, envelope: true });
    await answerPage(setup, [8, 6], 5);
    expect(setup.drawn()).toEqual(['u30', 'u20', 'u10', 'u8', 'u6']);
    expect(setup.server.calls.filter(({ isOver }) => !isOver())).toHaveLength(1);
  });

  test('reads the place to which the scrollbar jumps', async () => {
    const setup = await setUpLive(1000);
    await answerPage(setup, [9, 8, 7], 1000, 'after-7');
    setup.list.show(500, 503);
    await setup.scheduler.settle();
    await answerPage(setup, [6, 5, 4], 1000, 'after-4');
    expect(setup.reading().request).toMatchObject({ skip: 500, pageToken: '' });
    await answerPage(setup, [3, 2, 1], 1000, 'after-1');
    expect(setup.list.rowAt(500)?.user.id).toBe('u3');
    expect(setup.list.indexOf('u3')).toBe(500);
    expect(setup.list.rowAt(499)).toBeUndefined();
  });

  test('does not take a row from a page that the feed has removed since', async () => {
    const setup = await setUpLive(5);
    const reading = setup.reading();
    setup.watch().send(removal('u8', 99), checkpoint('t2', 4));
    await setup.scheduler.settle();
    expect(setup.reading()).toBe(reading);
    await answerPage(setup, [8, 6], 4);
    expect(setup.drawn()).toEqual(['u30', 'u20', 'u10', 'u6']);
  });

  test('takes a newer row from the feed over that of a page', async () => {
    const setup = await setUpLive(5);
    setup.watch().send(upserts(userAt(8, 50, { name: 'New' })), checkpoint('t2', 5));
    await setup.scheduler.settle();
    await answerPage(setup, [8, 6], 5);
    expect(setup.list.find('u8')?.user.name).toBe('New');
  });

  test('believes the total of the feed, not that of a page which was counted before', async () => {
    const setup = await setUpLive(5);
    await setup.say(upserts(userAt(40)), checkpoint('t2', 6));
    await answerPage(setup, [8, 6], 5);
    expect(setup.list.getSnapshot().total?.size).toBe(6);
  });

  /** A server of users 1000 to 1, newest first, that answers every page by what the list is when it is asked. */
  function setUpThousand() {
    const setup = setUpList({ pageSize: 100 });
    const { scheduler, reading } = setup;
    const store = { orders: Array.from({ length: 1000 }, (_, i) => 1000 - i) };
    const serve = async () => {
      for (await scheduler.settle(); !reading().isOver(); await scheduler.settle()) {
        const { skip, pageToken } = reading().request;
        const { orders } = store;
        const rest = pageToken === '' ? orders.slice(skip) : orders.filter((order) => order < Number(pageToken));
        const page = rest.slice(0, 100);
        const next = page.length < rest.length ? String(page.at(-1)) : '';
        reading().send(begin(orders.length), upserts(...page.map((order) => userAt(order))), end('t', next));
        reading().end();
      }
    };
    return { ...setup, store, serve };
  }

  test('reads a rank again when the view rests on rows before which somebody has come or gone unseen', async () => {
    const { scheduler, watch, list, store, serve } = setUpThousand();
    await serve();
    watch().send(resumed(1000));
    list.show(900, 920);
    await serve();
    expect(list.indexOf('u95')).toBe(905);
    store.orders = store.orders.filter((order) => order !== 500);
    watch().send(removal('u500', 5000));
    await scheduler.settle();
    expect(list.indexOf('u95')).toBe(905);
    await scheduler.advance(1000);
    await serve();
    expect(list.indexOf('u95')).toBe(904);
  });

  test('that is held still while hundreds arrive shows the rows that were there before, as far as it is scrolled', async () => {
    const { watch, list, store, serve, server } = setUpThousand();
    await serve();
    watch().send(resumed(1000));
    list.hold();
    const arrived = Array.from({ length: 350 }, (_, i) => 1350 - i);
    store.orders = [...arrived, ...store.orders];
    watch().send(upserts(...arrived.map((order) => userAt(order))), checkpoint('t2', 1350));
    await serve();
    for (const first of [40, 130, 700, 620, 980, 300]) {
      list.show(first, first + 20);
      await serve();
      const shown = Array.from({ length: 20 }, (_, i) => list.rowAt(first + i)?.user.id);
      expect(shown).toEqual(Array.from({ length: 20 }, (_, i) => `u${1000 - first - i}`));
    }
    expect(list.getSnapshot().arrivals).toBe(350);
    expect(server.calls.length).toBeLessThan(20);
  });

  test('leaves a page that failed alone for a moment and reads it again', async () => {
    const setup = await setUpLive(5);
    setup.reading().fail('UNAVAILABLE');
    await setup.scheduler.advance(1_999);
    const before = setup.server.calls.length;
    await setup.scheduler.advance(1);
    expect(setup.server.calls.length).toBe(before + 1);
    await answerPage(setup, [8, 6], 5);
    expect(setup.drawn()).toHaveLength(5);
  });
});
