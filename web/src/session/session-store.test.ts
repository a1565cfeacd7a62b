import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { expect, test } from 'vitest';
import { personStorage } from './person-storage.ts';
import { createBrowser, signedOutError, unreachable } from './testing/session-setup.ts';

const minuteMs = 60_000;

async function openedTab() {
  const browser = createBrowser();
  const tab = browser.openTab();
  await browser.scheduler.settle();
  return { ...browser, ...tab };
}

test('nothing is known until the server has said who is signed in', async () => {
  const { scheduler, openTab } = createBrowser();
  const { session } = openTab();
  expect(session.getSnapshot().kind).toBe('opening');
  await scheduler.settle();
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', signedIn: { user: { name: 'ann' } } });
});

test('where nobody is signed in the page says so, and learns of it when somebody signs in', async () => {
  const { server, scheduler, openTab } = createBrowser();
  server.end();
  const { session } = openTab();
  await scheduler.settle();
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-out', why: 'nobody', personId: undefined });
  server.signIn('ann');
  await session.signedIn();
  expect(session.getSnapshot().kind).toBe('signed-in');
});

test('who has signed in where the server then does not say who it is, or the browser keeps no session, is told so', async () => {
  const { server, scheduler, openTab } = createBrowser();
  server.end();
  const { session } = openTab();
  await scheduler.settle();
  await expect(session.signedIn()).rejects.toMatchObject({
    kind: 'fault',
    message: expect.stringContaining('cookies'),
  });
  server.signIn('ann');
  server.fail(unreachable);
  await expect(session.signedIn()).rejects.toEqual(unreachable);
  expect(session.getSnapshot().kind).toBe('signed-out');
});

test('who wants to stay is told where the server did not hear of it', async () => {
  const { session, server, scheduler } = await openedTab();
  await scheduler.advance(28.5 * minuteMs);
  server.fail(unreachable);
  await expect(session.stay()).rejects.toEqual(unreachable);
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', ending: { isFinal: false } });
});

test('a server that cannot be reached is asked again until it answers', async () => {
  const { server, scheduler, openTab } = createBrowser();
  server.fail(unreachable);
  const { session } = openTab();
  await scheduler.settle();
  expect(session.getSnapshot()).toMatchObject({ kind: 'failed', error: unreachable });
  server.fail(undefined);
  await scheduler.advance(5000);
  expect(session.getSnapshot().kind).toBe('signed-in');
});

test('a server that is away is asked at least every three seconds while somebody looks, and seldom while nobody does', async () => {
  const { server, scheduler, openTab } = createBrowser();
  server.fail(unreachable);
  const { page } = openTab();
  await scheduler.advance(60_000);
  expect(server.calls.length).toBeGreaterThanOrEqual(20);
  page.send('hidden');
  const before = server.calls.length;
  await scheduler.advance(60_000);
  expect(server.calls.length - before).toBeLessThanOrEqual(5);
});

test('times are counted from the server’s clock: the warning comes two minutes before the end, though the clocks differ by an hour', async () => {
  const { session, scheduler } = await openedTab();
  await scheduler.advance(28 * minuteMs - 1000);
  expect(session.getSnapshot()).toMatchObject({ ending: undefined });
  await scheduler.advance(2000);
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', ending: { isFinal: false } });
});

test('asking about the session keeps it alive only where the person did something', async () => {
  const { session, server, scheduler } = await openedTab();
  await scheduler.advance(29 * minuteMs);
  expect(new Set(server.calls)).toEqual(new Set(['page']));
  await session.stay();
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', ending: undefined });
  expect(server.calls.at(-1)).toBe('person');
});

test('what the person does on the page is told to the server, seldom', async () => {
  const { session, server, scheduler } = await openedTab();
  for (let minute = 0; minute < 60; minute += 1) {
    session.noteInput();
    await scheduler.advance(minuteMs);
    expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', ending: undefined });
  }
  expect(server.calls.filter((by) => by === 'person').length).toBeLessThanOrEqual(12);
});

test('typing while the server is away does not storm it, and is told once it is back', async () => {
  const { session, server, scheduler } = await openedTab();
  await scheduler.advance(10 * minuteMs);
  server.fail(unreachable);
  const type = async (seconds: number) => {
    for (let tenth = 0; tenth < seconds * 10; tenth += 1) {
      session.noteInput();
      await scheduler.advance(100);
    }
  };
  const told = () => server.calls.filter((by) => by === 'person').length;
  await type(60);
  expect(told()).toBeGreaterThan(10);
  expect(told()).toBeLessThan(40);
  server.fail(undefined);
  const before = told();
  await type(10);
  expect(told()).toBe(before + 1);
});

test('no warning comes while another tab is used', async () => {
  const { session, server, scheduler } = await openedTab();
  await scheduler.advance(20 * minuteMs);
  server.act();
  await scheduler.advance(20 * minuteMs);
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', ending: undefined });
});

test('a warning goes by itself when another tab is used', async () => {
  const { session, server, scheduler } = await openedTab();
  await scheduler.advance(28.5 * minuteMs);
  expect(session.getSnapshot()).toMatchObject({ ending: { isFinal: false } });
  server.act();
  await scheduler.advance(minuteMs);
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', ending: undefined });
});

test('at its end the session is over, and what was shown belongs to a visit that is over', async () => {
  const { session, scheduler } = await openedTab();
  const { visit } = session.getSnapshot();
  await scheduler.advance(30 * minuteMs + 2000);
  expect(session.getSnapshot()).toEqual({ kind: 'signed-out', why: 'ended', visit: visit + 1, personId: 'ann' });
});

test('at its end the session is over also where the server cannot be reached', async () => {
  const { session, server, scheduler } = await openedTab();
  server.fail(unreachable);
  await scheduler.advance(29 * minuteMs);
  expect(session.getSnapshot().kind).toBe('signed-in');
  await scheduler.advance(2 * minuteMs);
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-out', why: 'ended' });
});

test('after twelve hours the end is final: doing something does not put it off', async () => {
  const { session, scheduler, server } = await openedTab();
  for (let quarter = 0; quarter < 47; quarter += 1) {
    await scheduler.advance(15 * minuteMs);
    server.act();
  }
  await scheduler.advance(13.5 * minuteMs);
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', ending: { isFinal: true } });
  await session.stay();
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', ending: { isFinal: true } });
});

test('a machine that slept past the end shows nothing once it is awake', async () => {
  const { session, page, scheduler } = await openedTab();
  scheduler.sleep(60 * minuteMs);
  page.send('visible');
  await scheduler.settle();
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-out', why: 'ended' });
});

test('31. signing out in one tab signs all of them out at once, and each is loaded anew', async () => {
  const { scheduler, openTab } = createBrowser();
  const [one, two] = [openTab(), openTab()];
  await scheduler.settle();
  const release = two.session.holdWork();
  await one.session.signOut();
  for (const { session, loads } of [one, two]) {
    expect(session.getSnapshot()).toMatchObject({ kind: 'signed-out', why: 'left' });
    expect(loads).toEqual(['/sign-in']);
  }
  release();
});

test('signing out forgets what its person has not saved, in all tabs, and nothing of others; a session that ends keeps it', async () => {
  const { server, scheduler, openTab } = createBrowser();
  const [one, two] = [openTab(), openTab()];
  await scheduler.settle();
  expect(one.session.isWorkHeld()).toBe(false);
  for (const { storage } of [one, two]) {
    personStorage(storage, 'ann').setItem('roster.draft.new', 'hers');
    personStorage(storage, 'ben').setItem('roster.draft.new', 'his');
  }
  expect(one.session.isWorkHeld()).toBe(true);
  server.end();
  two.session.doubt();
  await scheduler.settle();
  expect(personStorage(two.storage, 'ann').getItem('roster.draft.new')).toBe('hers');
  server.signIn('ann');
  await two.session.signedIn();

  await one.session.signOut();
  for (const { storage } of [one, two]) {
    expect(personStorage(storage, 'ann').getItem('roster.draft.new')).toBeNull();
    expect(personStorage(storage, 'ben').getItem('roster.draft.new')).toBe('his');
  }
});

test('who cannot sign out, because the server does not answer, is told so and stays', async () => {
  const { session, server, loads } = await openedTab();
  server.fail(unreachable);
  await expect(session.signOut()).rejects.toEqual(unreachable);
  expect(session.getSnapshot().kind).toBe('signed-in');
  expect(loads).toEqual([]);
});

test('who signs out of a session that is over is signed out', async () => {
  const { session, server } = await openedTab();
  server.fail(signedOutError);
  await session.signOut();
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-out', why: 'left' });
});

test('31. a page that comes back out of the browser’s memory shows nothing before the server has answered', async () => {
  const { session, page, server, scheduler } = await openedTab();
  page.send('return');
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', isHidden: true });
  await scheduler.settle();
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', isHidden: false });
  server.fail(unreachable);
  page.send('return');
  await scheduler.advance(3000);
  expect(session.getSnapshot()).toMatchObject({ isHidden: true, failure: { error: unreachable } });
  server.fail(undefined);
  server.end();
  await scheduler.advance(60_000);
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-out' });
});

test('a session that ends in the middle of work keeps the page, and signing in again goes on with it', async () => {
  const { session, server, scheduler } = await openedTab();
  const { visit } = session.getSnapshot();
  session.holdWork();
  server.end();
  session.doubt();
  await scheduler.settle();
  expect(session.getSnapshot()).toMatchObject({ kind: 'interrupted', visit });
  server.signIn('ann');
  await session.signedIn();
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', visit });
});

test('another person who signs in gets a page of their own, loaded anew', async () => {
  const { session, server, scheduler, loads } = await openedTab();
  session.holdWork();
  server.end();
  session.doubt();
  await scheduler.settle();
  server.signIn('ben');
  await session.signedIn();
  expect(loads).toEqual([undefined]);
  expect(session.getSnapshot().kind).toBe('signed-out');
});

test('a tab learns at once that another one has signed somebody else in', async () => {
  const { server, scheduler, openTab } = createBrowser();
  const [one, two] = [openTab(), openTab()];
  await scheduler.settle();
  server.signIn('ben');
  await one.session.signedIn('/users');
  await scheduler.settle();
  expect([one.loads, two.loads]).toEqual([['/users'], [undefined]]);
});

test('a call that waits for a sign-in goes on after it, and keeps the page until then', async () => {
  const { session, server, scheduler } = await openedTab();
  server.end();
  const answer = session.signInAgain();
  await scheduler.settle();
  expect(session.getSnapshot().kind).toBe('interrupted');
  server.signIn('ann');
  await session.signedIn();
  expect(await answer).toBe(true);
});

test('a call that waits for a sign-in fails when its person leaves instead', async () => {
  const { session, server, scheduler } = await openedTab();
  server.end();
  const answer = session.signInAgain();
  await scheduler.settle();
  session.abandon();
  expect(await answer).toBe(false);
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-out', why: 'ended' });
});

test('a call that wrongly believes to be signed out is repeated at once', async () => {
  const { session } = await openedTab();
  expect(await session.signInAgain()).toBe(true);
  expect(session.getSnapshot().kind).toBe('signed-in');
});

test('who signs in anew before the end is not sent back by the session that still stands', async () => {
  const { session, page, server, scheduler } = await openedTab();
  session.interrupt();
  scheduler.sleep(2 * minuteMs);
  page.send('visible');
  await scheduler.settle();
  expect(session.getSnapshot()).toMatchObject({ kind: 'interrupted', isStanding: true });
  session.resume();
  await scheduler.settle();
  expect(session.getSnapshot().kind).toBe('signed-in');
  session.interrupt();
  server.end();
  await session.refresh();
  expect(session.getSnapshot()).toMatchObject({ kind: 'interrupted', isStanding: false });
});

test('who thinks better of signing in anew goes on with the session that stands, also where the server cannot be reached', async () => {
  const { session, server, scheduler } = await openedTab();
  await scheduler.advance(28.5 * minuteMs);
  server.fail(unreachable);
  session.interrupt();
  session.resume();
  await scheduler.settle();
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', ending: { isFinal: false } });
});

test('a call that waits for a confirmation still waits after somebody has thought better of signing in anew', async () => {
  const { session } = await openedTab();
  const answer = session.confirm();
  session.interrupt();
  session.resume();
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', isConfirming: true });
  await session.settleConfirmation(false);
  expect(await answer).toBe(false);
});

test('a doubt is settled by asking: rights that have changed are known, and a doubt without ground changes nothing', async () => {
  const { session, server, scheduler } = await openedTab();
  const { visit } = session.getSnapshot();
  session.doubt();
  await scheduler.settle();
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', visit });
  server.demote();
  session.doubt();
  await scheduler.settle();
  const state = session.getSnapshot();
  expect(state.kind === 'signed-in' && state.signedIn.access.role).toBe(UserRole.VIEWER);
  expect(state.kind === 'signed-in' && state.signedIn.access.mayChange('name', UserRole.VIEWER)).toBe(false);
});

test('an answer that was on its way when its person signed out does not sign them in again', async () => {
  const { session, scheduler } = await openedTab();
  const late = session.refresh();
  await session.signOut();
  await late;
  await scheduler.settle();
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-out', why: 'left' });
});

test('all calls that ask who it is wait for one confirmation', async () => {
  const { session } = await openedTab();
  const answers = Promise.all([session.confirm(), session.confirm()]);
  expect(session.getSnapshot()).toMatchObject({ isConfirming: true });
  await session.settleConfirmation(true);
  expect(await answers).toEqual([true, true]);
  expect(session.getSnapshot()).toMatchObject({ isConfirming: false });
});

test('a session that ends while it asks who it is goes on after a sign-in, which confirms as well', async () => {
  const { session, server, scheduler } = await openedTab();
  const answer = session.confirm();
  server.end();
  session.doubt();
  await scheduler.settle();
  expect(session.getSnapshot().kind).toBe('interrupted');
  server.signIn('ann');
  await session.signedIn();
  expect(await answer).toBe(true);
  expect(session.getSnapshot()).toMatchObject({ kind: 'signed-in', isConfirming: false });
});
