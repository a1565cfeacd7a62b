import { expect, type Page } from '@playwright/test';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { type Api, createApi } from './api.ts';
import { type BreakableWire, startBreakableWire } from './breakable-wire.ts';
import { type Console, openConsole } from './console.ts';
import type { People } from './fixtures.ts';
import { testOnOwnStack } from './own-stack-fixtures.ts';

interface FaultFixtures {
  /** What lies between the browser and the stack. The `api` goes around it. */
  readonly wire: BreakableWire;
}

/** A stack of one's own behind a wire that can be broken: every page comes in through the wire. */
export const test = testOnOwnStack().extend<FaultFixtures>({
  wire: async ({ stack }, use) => {
    const wire = await startBreakableWire(Number(new URL(stack.url).port));
    await use(wire);
    wire.stop();
  },
  baseURL: async ({ wire }, use) => use(wire.url),
  api: async ({ stack, token }, use) => use(createApi(stack.url, token)),
});

/** How long the page may take to equal the database once a fault is over. */
export const recoveryMs = 5000;

/** The end of a fault of the servers, whatever the page knows of it: calls are answered again. */
export async function whenCallsAreAnswered(people: People, api: Api): Promise<void> {
  await expect(() => api.list(people.filter)).toPass();
}

/** The console of a page whose clock the test can push forward; until it does, it goes as every clock. */
export async function openWithClock(page: Page, filter: string): Promise<Console> {
  await page.clock.install();
  return openConsole(page, filter);
}

/** Writes what a list must not miss: a row that enters, one that changes, and one that leaves. */
export async function writeMeanwhile(people: People, api: Api, word: string): Promise<void> {
  const [goes, changes] = (await api.list(people.filter)).toReversed();
  await people.create(`Came ${word}`);
  if (changes) await api.update(changes.id, { name: `Changed ${word}`, role: UserRole.EDITOR }, ['name', 'role']);
  if (goes) await api.delete(goes.id);
}

/** Holds the page to the promise: five seconds after a fault it is live, and every row on screen is as the database has it, in its order. */
export async function expectEqualsDatabase(view: Console, people: People, api: Api): Promise<void> {
  const stored = (await api.list(people.filter)).map(({ name, email, role }) => `${name} ${email} ${UserRole[role]}`);
  expect(stored.length, 'a list that is empty proves nothing').toBeGreaterThan(1);
  const wanted = { words: 'Live', total: `${stored.length} match`, rows: stored };
  await expect.poll(() => shown(view), { timeout: recoveryMs, intervals: [100] }).toEqual(wanted);
}

async function shown({ connection, total, grid }: Console) {
  const rows = await grid.locator('[data-index]').evaluateAll((elements) =>
    elements
      .toSorted((a, b) => Number(a.getAttribute('data-index')) - Number(b.getAttribute('data-index')))
      .map((row) => {
        const text = (place: string) => row.querySelector(place)?.textContent ?? '';
        const role = text('[data-column="role"]').toUpperCase();
        return `${text('[data-column="name"] a bdi')} ${text('[data-column="email"]')} ${role}`;
      }),
  );
  return { words: await connection.textContent(), total: await total.textContent(), rows };
}

/** What a page is told when its tab goes behind another; a browser that is driven shows every tab as if it were in front. */
export async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate(
    (state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      document.dispatchEvent(new Event('visibilitychange'));
    },
    isHidden ? 'hidden' : 'visible',
  );
}
