import { expect, type Locator, type Page } from '@playwright/test';

/** The columns of the list, by the contract's names. */
export type ColumnName = 'name' | 'email' | 'role' | 'state' | 'tags' | 'created_at' | 'updated_at';

/** The console as its user sees it: everything by role and name. */
export interface Console {
  readonly page: Page;
  readonly grid: Locator;
  readonly filterBox: Locator;
  /** What the server says about the filter. */
  readonly filterMistake: Locator;
  /** The connection in words; a press tells more. */
  readonly connection: Locator;
  /** How many match. */
  readonly total: Locator;
  /** Rows that arrived while the list was held still; a press lets them in. */
  readonly arrivals: Locator;
  /** What stands beside the list: a user, or the form of a new one. */
  readonly panel: Locator;
  readonly confirmations: Locator;
  row(name: string): Locator;
  cell(name: string, column: ColumnName): Locator;
  /** The names on screen, from the top. */
  names(): Promise<readonly string[]>;
  /** Opens the panel of a user. */
  open(name: string): Promise<Locator>;
  openNew(): Promise<Locator>;
  setFilter(filter: string): Promise<void>;
  sortBy(title: string): Promise<void>;
  /** Chooses from the panel's menu of actions. */
  act(action: 'Suspend' | 'Activate' | 'Delete'): Promise<void>;
}

/** Opens the users list on a filter and waits until it is live, or as new as `connection` says. */
export async function openConsole(page: Page, filter = '', connection: string | RegExp = 'Live'): Promise<Console> {
  const view = consoleOn(page);
  await page.goto(`/users${filter === '' ? '' : `?${new URLSearchParams({ filter })}`}`);
  await expect(view.connection).toHaveText(connection);
  return view;
}

export function consoleOn(page: Page): Console {
  const grid = page.getByRole('grid', { name: 'Users' });
  const filterBox = page.getByRole('textbox', { name: 'Filter people' });
  const panel = page.getByRole('complementary', { name: /^(User|New user)$/ });
  const row = (name: string) => grid.getByRole('row').filter({ has: page.getByRole('link', { name, exact: true }) });
  return {
    page,
    grid,
    filterBox,
    filterMistake: page.getByRole('search').getByRole('alert'),
    connection: page.getByRole('button', {
      name: /^(Connecting|Live|Catching up.*|Refreshed every .*|Reconnecting.*|Stale since .*|Offline|Not live)$/,
    }),
    total: page.getByText(/^[\d,]+\+?( match(es)?)?$/).first(),
    arrivals: page.getByRole('button', { name: /^[\d,]+ new$/ }),
    panel,
    confirmations: page.getByRole('region', { name: 'Confirmations' }),
    row,
    cell: (name, column) => row(name).locator(`[data-column="${column}"]`),
    names: () => drawnNames(grid),
    async open(name) {
      await row(name).click();
      await expect(panel.getByRole('heading', { name, exact: true })).toBeVisible();
      return panel;
    },
    async openNew() {
      await page.getByRole('button', { name: 'New user' }).click();
      await expect(panel.getByRole('heading', { name: 'New user' })).toBeVisible();
      return panel;
    },
    async setFilter(filter) {
      await filterBox.fill(filter);
      await filterBox.press('Enter');
    },
    sortBy: (title) => grid.getByRole('columnheader', { name: title }).getByRole('button').click(),
    async act(action) {
      await panel.getByRole('button', { name: 'Actions' }).click();
      await page.getByRole('menuitem', { name: action }).click();
    },
  };
}

/** Rows are recycled and lie in any order in the page: where they are drawn says which comes first. */
async function drawnNames(grid: Locator): Promise<readonly string[]> {
  const rows = await grid.locator('[data-index]').evaluateAll((elements) =>
    elements.map((element) => ({
      index: Number(element.getAttribute('data-index')),
      name: element.querySelector('[data-column="name"] a bdi')?.textContent ?? '',
    })),
  );
  return rows
    .toSorted((a, b) => a.index - b.index)
    .map(({ name }) => name)
    .filter((name) => name !== '');
}

/** Chooses from one of the panel's lists that open. */
export async function choose(panel: Locator, label: string, option: string): Promise<void> {
  await panel.getByRole('button', { name: new RegExp(`\\b${label}\\b`) }).click();
  await panel
    .page()
    .getByRole('option', { name: new RegExp(`^${option}`) })
    .click();
}

/** The box of a field, in a panel or on a page. */
export function fieldOf(form: Locator, label: string): Locator {
  return form.getByRole('textbox', { name: label, exact: true });
}

/** The error that stands below a field, tied to it for screen readers too. */
export function errorOf(panel: Locator, label: string): Locator {
  return panel
    .locator('[data-field]')
    .filter({ has: panel.page().getByRole('textbox', { name: label, exact: true }) })
    .getByRole('alert');
}
