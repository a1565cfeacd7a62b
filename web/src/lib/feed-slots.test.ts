import { expect, test } from 'vitest';
import { createFeedSlots } from './feed-slots.ts';

const openChannel = (name: string) => new BroadcastChannel(name);

test('over plain HTTP four pages have a slot; the fifth has to wait until one is given back, and asks for it', async () => {
  const pages = Array.from({ length: 5 }, () =>
    createFeedSlots({ protocol: 'http:', locks: navigator.locks, openChannel }),
  );
  const wanted = Promise.withResolvers<void>();
  const stop = pages[0]?.onWanted(() => wanted.resolve());
  const releases = [];
  for (const page of pages) releases.push(await page.claim());
  expect(releases.map((release) => release !== undefined)).toEqual([true, true, true, true, false]);
  await wanted.promise;
  releases[2]?.();
  expect(await pages[4]?.claim()).toBeDefined();
  stop?.();
});

test('over TLS, and where the browser cannot count or is forbidden to, there is always one', async () => {
  const forbidden: LockManager = {
    request: () => Promise.reject(new DOMException('not in this context', 'SecurityError')),
    query: () => Promise.resolve({}),
  };
  const over = (protocol: string, locks: LockManager | undefined) => createFeedSlots({ protocol, locks, openChannel });
  for (let i = 0; i < 10; i += 1) {
    expect(await over('https:', navigator.locks).claim()).toBeDefined();
    expect(await over('http:', undefined).claim()).toBeDefined();
    expect(await over('http:', forbidden).claim()).toBeDefined();
  }
});
