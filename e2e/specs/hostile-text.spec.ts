import { expect } from '@playwright/test';
import { fieldOf } from '../src/console.ts';
import { test } from '../src/fixtures.ts';

const names: Readonly<Record<string, string>> = {
  'a script': '<script>globalThis.isHacked = true</script>',
  'an image that fails': '<img src=x onerror="globalThis.isHacked = true">',
  'a link that runs': 'javascript:globalThis.isHacked=true',
  'a turn of direction': 'Evil\u202Egnp.exe\u2066 left',
  'two hundred characters': 'W'.repeat(200),
  emoji: '👩‍👩‍👧‍👦 Family 🏳️‍🌈 Smith',
  'stacked marks': `Z${'\u0335\u0321\u034E'.repeat(30)}algo`,
  'right to left': 'محمد بن سلمان',
  'a template': '{{7*7}} <%= 7*7 %> %s %d',
};

for (const [what, name] of Object.entries(names)) {
  test(`a name that is ${what} stays text, in its row and in its panel`, async ({ people, console: view }) => {
    await people.create(name, { metadata: { '<b>key</b>': '"><script>isHacked = true</script>' } });
    await people.create('Plain Neighbour');
    await expect(view.total).toHaveText('2 match');
    const row = view.grid.getByRole('row').filter({ has: view.page.locator('a bdi').getByText(name, { exact: true }) });
    await expect(row).toHaveCount(1);
    const [mine, other] = [await row.boundingBox(), await view.row('Plain Neighbour').boundingBox()];
    expect(mine?.height).toBe(other?.height);
    await row.click();
    await expect(fieldOf(view.panel, 'Name')).toHaveValue(name);
    await expect(view.panel.getByRole('heading', { level: 2 })).toHaveText(name);
    const [panel, header] = [
      await view.panel.boundingBox(),
      await view.panel.getByRole('banner').or(view.panel.locator('header')).first().boundingBox(),
    ];
    expect(header?.width ?? 0).toBeLessThanOrEqual(panel?.width ?? 0);
    expect(await view.page.evaluate(() => 'isHacked' in globalThis)).toBe(false);
  });
}

test('10. what a program may not keep is refused in words: a NUL and half of a character', async ({ people, api }) => {
  const withNul = api.client.createUser({ ...person, email: people.email(), name: 'nul \u0000 inside' }).response;
  await expect(withNul).rejects.toMatchObject({ code: 'INVALID_ARGUMENT', message: expect.stringMatching(/name/i) });
});

const person = { role: 3, tags: [], metadata: {}, state: 0, id: '', requestId: '' };
