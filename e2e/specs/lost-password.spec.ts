import { expect, type Page } from '@playwright/test';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { expectNoFaults, expectNothingBeyondEdge } from '../src/accessibility.ts';
import { consoleOn, fieldOf, openConsole } from '../src/console.ts';
import { linkIn, type Mail, openMailServer, type TestMailServer } from '../src/sign-in-mail.ts';
import { expectSignInPage, signInForm } from '../src/sign-in-page.ts';
import { testSignIn } from '../src/sign-in-people.ts';

let mailServer: TestMailServer;
const test = testSignIn(async () => {
  mailServer = await openMailServer();
  return mailServer.stackOptions;
});
test.afterAll(() => mailServer?.close());

const resetSubject = 'A new password for Roster';

/** Waits until as many mails of a subject have come to an address. */
async function mailsTo(email: string, subject: string, count = 1): Promise<readonly Mail[]> {
  const arrived = () => mailServer.mails.filter((mail) => mail.to.includes(email) && mail.subject === subject);
  await expect.poll(() => arrived().length).toBe(count);
  return arrived();
}

async function openLostPassword(page: Page) {
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Lost it?' }).click();
  await expect(page.getByRole('heading', { name: 'A new password' })).toBeVisible();
  return lostPasswordOn(page);
}

function lostPasswordOn(page: Page) {
  const email = fieldOf(page.getByRole('main'), 'Email');
  const submit = page.getByRole('button', { name: /^(Send the link|Wait .*)$/ });
  return {
    email,
    submit,
    async ask(address: string) {
      await email.fill(address);
      await submit.click();
      await expect(page.getByRole('heading', { name: 'Look into your mail' })).toBeVisible();
    },
  };
}

test('whoever has lost their password is mailed a link, sets a new one and is in; other sessions end, and the old password is dead', async ({
  people,
  invite,
  sessions,
  openBrowser,
}) => {
  const page = await (await openBrowser(undefined)).newPage();
  const person = await invite('Los Er');
  await people.create('Seen Elsewhere');
  const elsewhere = await (await openBrowser(person)).newPage();
  await openConsole(elsewhere, people.filter);
  await (await openLostPassword(page)).ask(person.email.toUpperCase());
  await expect(page.getByRole('status')).toContainText('a link is on its way');
  const [mail] = await mailsTo(person.email, resetSubject);
  expect(mail?.text).toContain('Hello Los Er,');

  const link = linkIn(mail as Mail);
  await page.goto(link);
  await expect(page).toHaveURL('/accept');
  await expect(page.getByRole('heading', { name: 'Set a new password' })).toBeVisible();
  await expect(page.getByText(person.email)).toBeVisible();
  await page.getByLabel('New password', { exact: true }).fill('seven herons under a bridge');
  await page.getByRole('button', { name: 'Set the password and sign in' }).click();
  await expect(consoleOn(page).connection).toHaveText('Live');
  await expect(page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Los Er' })).toBeVisible();
  await expectSignInPage(elsewhere);
  await expect(elsewhere.getByText('Seen Elsewhere')).toHaveCount(0);
  expect(await sessions.count(person)).toBe(1);

  const form = signInForm(elsewhere);
  await form.signIn(person);
  await expect(form.problem).toBeVisible();
  await form.signIn({ ...person, password: 'seven herons under a bridge' });
  await expect(consoleOn(elsewhere).connection).toHaveText('Live');
  // The link was good once.
  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
});

test('an address that nobody has, and one of somebody who cannot sign in, are answered in the same words, and get no mail', async ({
  people,
  invite,
  openBrowser,
}) => {
  const page = await (await openBrowser(undefined)).newPage();
  const person = await invite('Known Here');
  const ofNobody = people.email();
  const { email: ofRecord } = await people.create('Only A Record');
  const said = new Set<string>();
  for (const email of [ofNobody, ofRecord, person.email]) {
    await (await openLostPassword(page)).ask(email);
    const words = await page.getByRole('main').textContent();
    expect(words).toContain(email);
    said.add(words?.replaceAll(email, 'the address') ?? '');
  }
  expect(said.size).toBe(1);
  // Theirs was asked for first: had they got one, it would have come by now.
  await mailsTo(person.email, resetSubject);
  expect(mailServer.mails.filter(({ to }) => to.includes(ofNobody) || to.includes(ofRecord))).toEqual([]);
});

test('what was typed as the email comes along to the form and back; an empty one and one that is none are said on its field', async ({
  people,
  invite,
  openBrowser,
}) => {
  const page = await (await openBrowser(undefined)).newPage();
  const person = await invite('Types Once');
  await page.goto('/sign-in');
  await signInForm(page).email.fill(people.email());
  await page.getByRole('button', { name: 'Lost it?' }).click();
  const { email, submit } = lostPasswordOn(page);
  await email.fill('  ');
  await submit.click();
  await expect(email).toHaveAccessibleDescription('Enter an email address.');
  await expect(email).toBeFocused();
  await email.fill('types.once');
  await submit.click();
  await expect(email).toHaveAccessibleDescription('This is not an email address, such as name@example.org.');
  await email.fill(person.email);
  await page.getByRole('button', { name: 'Back to signing in' }).click();
  const form = signInForm(page);
  await expect(form.email).toHaveValue(person.email);
  await expect(form.password).toBeFocused();
  await page.getByRole('button', { name: 'Lost it?' }).click();
  await expect(email).toHaveValue(person.email);
});

test('a newer link takes the place of the one before, and a password that cannot be used is said on its field', async ({
  invite,
  openBrowser,
}) => {
  const page = await (await openBrowser(undefined)).newPage();
  const person = await invite('Asks Twice');
  await (await openLostPassword(page)).ask(person.email);
  await mailsTo(person.email, resetSubject);
  await (await openLostPassword(page)).ask(person.email);
  const [first, second] = await mailsTo(person.email, resetSubject, 2);
  await page.goto(linkIn(first as Mail));
  await expect(page.getByRole('heading', { name: 'This link does not work any more' })).toBeVisible();
  await page.goto(linkIn(second as Mail));
  const password = page.getByLabel('New password', { exact: true });
  await password.fill('asks.twice.1234567890');
  await page.getByRole('button', { name: 'Set the password and sign in' }).click();
  await expect(password).toHaveAccessibleDescription(/name or email address alone/);
  await expect(password).toHaveValue('asks.twice.1234567890');
  await password.fill('eight herons under a bridge');
  await page.getByRole('button', { name: 'Set the password and sign in' }).click();
  await expect(consoleOn(page).connection).toHaveText('Live');
});

test('an invitation is mailed besides being shown, and the panel says to which address: the one that is saved', async ({
  people,
  invite,
  openBrowser,
}) => {
  const page = await (await openBrowser(undefined)).newPage();
  await people.create('Ivy Invited');
  const email = people.email();
  const admin = await (await openBrowser(await invite('Invites', UserRole.ADMIN))).newPage();
  const panel = await (await openConsole(admin, people.filter)).open('Ivy Invited');
  const makeLink = panel.getByRole('button', { name: 'Invite', exact: true });
  await expect(makeLink).toBeVisible();
  await fieldOf(panel, 'Email').fill(email);
  await expect(panel.getByText('Save first: a link is made for the email and the role that are saved.')).toBeVisible();
  await expect(makeLink).toHaveCount(0);
  await panel.getByRole('button', { name: 'Save' }).click();
  await makeLink.click();
  await expect(panel.getByText(`Mailed to ${email}.`)).toBeVisible();
  await expect(panel.getByText('No mail was sent')).toHaveCount(0);
  const [mail] = await mailsTo(email, 'Your invitation to Roster');
  const link = linkIn(mail as Mail);
  expect(link).toBe(await panel.getByRole('textbox', { name: 'Invitation' }).inputValue());

  await page.goto(link);
  await expect(page.getByRole('heading', { name: 'Welcome to Roster' })).toBeVisible();
  await page.getByLabel('Password', { exact: true }).fill('a lamp of green glass');
  await page.getByRole('button', { name: 'Set the password and sign in' }).click();
  await page.getByRole('button', { name: 'Not now' }).click();
  await expect(consoleOn(page).connection).toHaveText('Live');
});

for (const look of [
  { name: 'light', colorScheme: 'light', viewport: { width: 1280, height: 800 } },
  { name: 'dark and narrow', colorScheme: 'dark', viewport: { width: 375, height: 812 } },
] as const) {
  test(`the way to a new password has no fault that axe finds, and nothing beyond its edge, ${look.name}`, async ({
    invite,
    openBrowser,
  }) => {
    test.slow();
    const person = await invite('Axe Person Asks');
    const page = await (await openBrowser(undefined, { ...look, reducedMotion: 'reduce' })).newPage();
    const { submit, ask } = await openLostPassword(page);
    await submit.click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expectNoFaults(page, 'asking, with a fault');
    await ask(person.email);
    await expectNoFaults(page, 'asked');
    const [mail] = await mailsTo(person.email, resetSubject);
    await page.goto(linkIn(mail as Mail));
    await page.getByRole('button', { name: 'Set the password and sign in' }).click();
    await expect(page.getByRole('alert')).toBeVisible();
    await expectNoFaults(page, 'new password, with a fault');
    await expectNothingBeyondEdge(page);
  });
}
