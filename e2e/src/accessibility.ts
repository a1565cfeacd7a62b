import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from '@playwright/test';

/** Lets axe look at the page as it is. `what`: what is on it, for the message. */
export async function expectNoFaults(page: Page, what: string): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const found = violations.map(({ id, help, nodes }) => ({
    id,
    help,
    where: nodes.map(({ target, failureSummary }) => `${target.join(' ')}: ${failureSummary ?? ''}`),
  }));
  expect(found, what).toEqual([]);
}

/** Holds the page to its width: nothing on it has to be scrolled to from the side (WCAG 1.4.10). */
export async function expectNothingBeyondEdge(page: Page): Promise<void> {
  const wide = await page.evaluate(() =>
    [document.documentElement, ...document.body.querySelectorAll('*')]
      .filter((element) => element.scrollWidth > element.clientWidth)
      .filter((element) => element.matches(':root') || /auto|scroll/.test(getComputedStyle(element).overflowX))
      .map(({ tagName, className }) => `${tagName} ${className}`),
  );
  expect(wide).toEqual([]);
}
