import { expect } from '@playwright/test';
import { createApi } from '../src/api.ts';
import { startOwnStack } from '../src/own-stack.ts';
import { testOnOwnStack } from '../src/own-stack-fixtures.ts';
import { createToken } from '../src/sign-in.ts';

const test = testOnOwnStack();

test('two Rosters run side by side, each with its own people, and the end of one leaves the other alone', async ({
  stack,
  people,
  openWindow,
}) => {
  test.slow();
  const other = await startOwnStack();
  try {
    expect(other.url).not.toBe(stack.url);
    const view = await openWindow();
    const otherApi = createApi(other.url, await createToken(other.databaseUrl));
    await otherApi.create({ name: 'Of The Other', email: people.email(), tags: [people.tag] });
    await people.create('Of This One');
    await expect(view.row('Of This One')).toBeVisible();
    await expect(view.row('Of The Other')).toHaveCount(0);
    expect((await otherApi.list('')).map(({ name }) => name)).toEqual(['Of The Other']);

    await other.stop();
    await people.create('After The End Of The Other');
    await expect(view.row('After The End Of The Other')).toBeVisible();
    await expect(view.connection).toHaveText('Live');
  } finally {
    await other.stop();
  }
});
