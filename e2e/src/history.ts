import { expect, type Locator, type Page } from '@playwright/test';

/** The history as its reader sees it: everything by role and name. */
export interface HistoryView {
  readonly page: Page;
  readonly log: Locator;
  /** The connection in words. */
  readonly connection: Locator;
  /** Entries that wait while one reads. */
  readonly arrivals: Locator;
  readonly confirmations: Locator;
  readonly entries: Locator;
  entry(words: string | RegExp): Locator;
  /** Unfolds an entry. */
  unfold(words: string | RegExp): Promise<Locator>;
  /** Chooses one of a few values to narrow the list by. */
  narrow(chip: string, value: string): Promise<void>;
}

/** Opens the history at an address and waits until it is live. */
export async function openHistory(page: Page, search: Readonly<Record<string, string>> = {}): Promise<HistoryView> {
  const parameters = new URLSearchParams(search).toString();
  await page.goto(`/history${parameters === '' ? '' : `?${parameters}`}`);
  const view = historyOn(page);
  await expect(view.connection).toHaveText('Live');
  return view;
}

export function historyOn(page: Page): HistoryView {
  const log = page.getByRole('region', { name: 'Changes' });
  const entries = log.getByRole('article');
  const entry = (words: string | RegExp) => entries.filter({ hasText: words });
  return {
    page,
    log,
    connection: page.getByRole('button', {
      name: /^(Connecting|Live|Catching up.*|Refreshed every .*|Reconnecting.*|Stale since .*|Offline|Not live)$/,
    }),
    arrivals: page.getByRole('button', { name: /^[\d,]+ new$/ }),
    confirmations: page.getByRole('region', { name: 'Confirmations' }),
    entries,
    entry,
    async unfold(words) {
      const unfolded = entry(words).first();
      await unfolded.getByRole('button').first().click();
      await expect(unfolded.getByRole('button').first()).toHaveAttribute('aria-expanded', 'true');
      return unfolded;
    },
    async narrow(chip, value) {
      await page.getByRole('button', { name: new RegExp(`^${chip}`) }).click();
      await page.getByRole('radio', { name: value, exact: true }).check();
      await page.keyboard.press('Escape');
    },
  };
}

/** What a field held before and after, as an unfolded entry shows it. */
export function fieldOf(entry: Locator, label: string): Locator {
  return entry
    .getByLabel('What changed')
    .locator('div')
    .filter({ has: entry.page().getByRole('term').getByText(label, { exact: true }) });
}
