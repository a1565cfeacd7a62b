import { expect, test } from 'vitest';
import { createUserList } from './create-user-list.ts';
import { createSwitchingList } from './switching-list.ts';
import { begin, end, upserts } from './testing/feed-events.ts';
import { freeSlots, setUpList, userAt } from './testing/list-setup.ts';
import type { UserListQuery } from './user-list.ts';

const all: UserListQuery = { filter: '', orderBy: '', showDeleted: false };
const admins: UserListQuery = { ...all, filter: 'role = ADMIN' };

async function setUpSwitching() {
  const { server, scheduler, page, client, list: unused } = setUpList();
  unused.close();
  await scheduler.settle();
  const list = createSwitchingList(all, (query) =>
    createUserList({ client, query, scheduler, page, slots: freeSlots, random: () => 1 }),
  );
  const answer = async (filter: string, ...orders: readonly number[]) => {
    await scheduler.settle();
    const call = server.calls.findLast(({ request }) => request.filter === filter && !request.watch);
    call?.send(begin(orders.length), upserts(...orders.map((order) => userAt(order))), end('t'));
    call?.end();
    await scheduler.settle();
  };
  const open = () => server.calls.filter((call) => !call.isOver()).map(({ request }) => request.filter);
  return { server, scheduler, list, answer, open };
}

test('keeps the rows of the query before, and says so, until the new first page is there', async () => {
  const { list, answer, open } = await setUpSwitching();
  list.switchTo(all);
  expect(list.getSnapshot()).toMatchObject({ status: 'loading', isPrevious: false });
  await answer('', 30, 20);
  list.switchTo(admins);
  const connection = { kind: 'connecting' };
  expect(list.getSnapshot()).toMatchObject({ status: 'ready', isPrevious: true, rowCount: 2, connection });
  expect(list.rowAt(0)?.user.id).toBe('u30');
  await answer('role = ADMIN', 7);
  expect(list.getSnapshot()).toMatchObject({ isPrevious: false, rowCount: 1 });
  expect(list.query).toEqual(admins);
  expect(open()).toEqual(['role = ADMIN']);
});

test('going back to the query on screen gives up the other one', async () => {
  const { scheduler, list, answer, open } = await setUpSwitching();
  list.switchTo(all);
  await answer('', 30, 20);
  list.switchTo(admins);
  list.switchTo(all);
  await scheduler.settle();
  expect(list.getSnapshot()).toMatchObject({ isPrevious: false, rowCount: 2 });
  expect(open()).toEqual(['']);
});

test('a filter that the server refuses says so beside the rows of the query before', async () => {
  const { server, scheduler, list, answer } = await setUpSwitching();
  list.switchTo(all);
  await answer('', 30);
  list.switchTo(admins);
  await scheduler.settle();
  server.last().fail('INVALID_ARGUMENT');
  await scheduler.settle();
  expect(list.getSnapshot()).toMatchObject({
    status: 'failed',
    isPrevious: true,
    error: { kind: 'invalid' },
    rowCount: 1,
  });
  list.switchTo(all);
  expect(list.getSnapshot()).toMatchObject({ status: 'ready', isPrevious: false, error: undefined, rowCount: 1 });
});

test('a filter that the server refuses first of all shows its failure alone', async () => {
  const { server, scheduler, list } = await setUpSwitching();
  list.switchTo(admins);
  await scheduler.settle();
  server.last().fail('INVALID_ARGUMENT');
  await scheduler.settle();
  expect(list.getSnapshot()).toMatchObject({
    status: 'failed',
    isPrevious: false,
    error: { kind: 'invalid' },
    rowCount: 0,
  });
  list.switchTo(all);
  expect(list.getSnapshot()).toMatchObject({ status: 'loading', error: undefined });
});

test('loads for the view that the screen has said before, because the screen says it only when it changes', async () => {
  const { server, scheduler, list, answer } = await setUpSwitching();
  list.switchTo(all);
  await answer('', 30);
  list.show(0, 500);
  list.switchTo(admins);
  await scheduler.settle();
  const call = server.calls.findLast(({ request }) => request.filter === admins.filter);
  call?.send(begin(500), upserts(userAt(7)), end('t', 'after-7'));
  call?.end();
  await scheduler.settle();
  expect(server.calls.some(({ request }) => request.pageToken === 'after-7')).toBe(true);
});

test('stays held when it goes over to another query', async () => {
  const { server, scheduler, list, answer } = await setUpSwitching();
  const release = list.hold();
  list.switchTo(all);
  await answer('', 30);
  list.switchTo(admins);
  await answer(admins.filter, 20);
  const watch = server.calls.findLast(({ request }) => request.watch);
  watch?.send(upserts(userAt(40)));
  await scheduler.settle();
  expect(list.getSnapshot().arrivals).toBe(1);
  release();
  await scheduler.settle();
  expect(list.rowAt(0)?.user.id).toBe('u40');
});

test('may be opened again after it was closed', async () => {
  const { list, answer, open } = await setUpSwitching();
  list.switchTo(all);
  await answer('', 30);
  list.close();
  list.switchTo(all);
  await answer('', 20);
  expect(list.rowAt(0)?.user.id).toBe('u20');
  expect(open()).toEqual(['']);
});
