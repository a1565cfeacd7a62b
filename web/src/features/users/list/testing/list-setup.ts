import { User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { UserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import type { FeedSlots } from '../../../../lib/feed-slots.ts';
import { createFakePage } from '../../../../lib/testing/fake-page.ts';
import { createFakeScheduler } from '../../../../lib/testing/fake-scheduler.ts';
import { type ControlledCall, createControlledTransport } from '../../../../rpc/testing/controlled-transport.ts';
import { createUserList } from '../create-user-list.ts';
import type { UserList } from '../user-list.ts';
import { begin, end, resumed, upserts } from './feed-events.ts';

/** A user who stands at `order` in a list by creation, the newest first: a higher number comes earlier. */
export function userAt(order: number, revision = order, part: Partial<User> = {}): User {
  const createdAt = { seconds: String(order), nanos: 0 };
  const updatedAt = { seconds: String(order + revision), nanos: 0 };
  return User.create({
    id: `u${order}`,
    name: `User ${order}`,
    role: UserRole.VIEWER,
    createdAt,
    updatedAt,
    revision,
    ...part,
  });
}

export const freeSlots: FeedSlots = { claim: async () => () => undefined, onWanted: () => () => undefined };

/** A list over a controlled transport, on a page and a clock of the test. */
export function setUpList({ pageSize = 3, slots = freeSlots }: { pageSize?: number; slots?: FeedSlots } = {}) {
  const server = createControlledTransport();
  const scheduler = createFakeScheduler();
  const page = createFakePage();
  const client = new UserServiceClient(server.transport);
  const query = { filter: '', orderBy: '', showDeleted: false };
  const list = createUserList({ client, query, scheduler, page, slots, random: () => 1, pageSize });
  return {
    server,
    scheduler,
    page,
    client,
    list,
    /** The newest watch. */
    watch: () => newest(server.calls, true),
    /** The newest call for a page. */
    reading: () => newest(server.calls, false),
  };
}

function newest(calls: readonly ControlledCall[], watch: boolean): ControlledCall {
  const call = calls.findLast(({ request }) => request.watch === watch);
  if (!call) throw new Error('There was no such call.');
  return call;
}

export type ListSetup = ReturnType<typeof setUpList>;

/** Answers the first page with users 30, 20 and 10 of `size`, and lets the watch stand. */
export async function goLive({ watch, reading, scheduler }: ListSetup, size = 3): Promise<void> {
  await scheduler.settle();
  const more = size > 3 ? 'after-10' : '';
  const first = reading();
  first.send(begin(size), upserts(userAt(30), userAt(20), userAt(10)), end('t1', more));
  first.end();
  await scheduler.settle();
  watch().send(resumed(size));
  await scheduler.settle();
}

/** The ids of the rows that are drawn; `?` for one that is not loaded, `-` before one that is gone. */
export function drawnIds(list: UserList): string[] {
  return Array.from({ length: list.getSnapshot().rowCount }, (_, index) => {
    const row = list.rowAt(index);
    return row ? `${row.isGone ? '-' : ''}${row.user.id}` : '?';
  });
}
