import type { Page } from '@playwright/test';

/** When the page had the whole answer to its next call of a method, in epoch milliseconds. */
export async function answerTo(page: Page, method: string): Promise<number> {
  const response = await page.waitForResponse((each) => each.url().endsWith(`/${method}`));
  await response.finished();
  return Date.now();
}

/** When a text first stands in the page's list, to the frame, in epoch milliseconds. */
export const whenDrawn = (page: Page, text: string) => whenGridHas(page, text, true);

/** When a text no longer stands in the page's list. */
export const whenGone = (page: Page, text: string) => whenGridHas(page, text, false);

function whenGridHas(page: Page, text: string, isThere: boolean): Promise<number> {
  return page.evaluate(
    ([wanted, there]) =>
      new Promise<number>((resolve) => {
        const look = () => {
          const grid = document.querySelector('[role="grid"]');
          if (grid?.textContent?.includes(wanted) === there) resolve(Date.now());
          else requestAnimationFrame(look);
        };
        look();
      }),
    [text, isThere] as const,
  );
}
