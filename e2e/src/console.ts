import { expect, type Locator, type Page } from '@playwright/test';

/** The console as its user sees it: everything by role and name. */
export interface Console {
  readonly page: Page;
  readonly grid: Locator;
  readonly filterBox: Locator;
  /** The connection in words. */
  readonly connection: Locator;
  row(name: string | RegExp): Locator;
  cell(name: string, column: string): Locator;
  /** Opens the panel of a user. */
  open(name: string): Promise<Locator>;
  setFilter(filter: string): Promise<void>;
}

/** Opens the users list on a filter and waits until it is live. */
export async function openConsole(page: Page, filter: string): Promise<Console> {
  const view = consoleOn(page);
  await page.goto(`/users?${new URLSearchParams(filter === '' ? {} : { filter })}`);
  await expect(view.connection).toHaveText(/Live/);
  return view;
}

export function consoleOn(page: Page): Console {
  const grid = page.getByRole('grid', { name: /users/i });
  const row = (name: string | RegExp) => grid.getByRole('row').filter({ has: page.getByRole('rowheader', { name }) });
  const panel = page.getByRole('complementary', { name: /user/i });
  return {
    page,
    grid,
    filterBox: page.getByRole('searchbox', { name: /filter/i }),
    connection: page.getByRole('status', { name: /connection/i }),
    row,
    cell: (name, column) => row(name).locator(`[data-column="${column}"]`),
    async open(name) {
      await row(name).click();
      await expect(panel.getByRole('heading', { name })).toBeVisible();
      return panel;
    },
    async setFilter(filter) {
      const box = page.getByRole('searchbox', { name: /filter/i });
      await box.fill(filter);
      await box.press('Enter');
    },
  };
}
