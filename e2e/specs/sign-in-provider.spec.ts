import { expect } from '@playwright/test';
import { CredentialServiceClient } from '@roster/proto/gen/roster/credentials/v1/credential_service.client';
import { choose, consoleOn, openConsole } from '../src/console.ts';
import { programTransport } from '../src/sign-in.ts';
import { confirmation, expectSignInPage, signInForm, signOut } from '../src/sign-in-page.ts';
import { testSignIn } from '../src/sign-in-people.ts';
import { confirmAtProvider, openProvider, signInAtProvider, type TestProvider } from '../src/sign-in-provider.ts';

let provider: TestProvider;
const test = testSignIn(async () => {
  provider = await openProvider();
  return provider.stackOptions;
});
test.afterAll(() => provider?.close());

test('an invitation is accepted with an account at the provider, which signs in from then on, back to the same place', async ({
  people,
  baseURL,
  token,
  openBrowser,
}) => {
  const subject = `ola-${people.tag}`;
  const user = await people.create('Ola Provided');
  await people.create('Seen By Ola');
  const credentials = new CredentialServiceClient(programTransport(baseURL ?? '', token));
  const { path } = await credentials.createLink({ userId: user.id, requestId: '' }).response;
  const browser = await openBrowser(undefined);
  const page = await browser.newPage();
  await page.goto(path);
  await page.getByRole('button', { name: 'Continue with The Directory' }).click();
  await signInAtProvider(page, subject);
  await expect(
    page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name: 'Ola Provided' }),
  ).toBeVisible();
  await expect(page).toHaveURL('/users');

  await signOut(page, 'Ola Provided');
  const place = `/users?filter=${people.filter}`;
  await page.goto(place);
  await expectSignInPage(page);
  await page.getByRole('button', { name: 'Continue with The Directory' }).click();
  // She has a session there still, so the browser comes straight back.
  await expect(consoleOn(page).row('Seen By Ola')).toBeVisible();
  await expect(page).toHaveURL(place);
  expect(page.url()).not.toContain('code=');
});

test('whom no invitation has linked does not get in, and is told why', async ({ people, openBrowser }) => {
  const page = await (await openBrowser(undefined)).newPage();
  await page.goto('/sign-in');
  await page.getByRole('button', { name: 'Continue with The Directory' }).click();
  await signInAtProvider(page, `stranger-${people.tag}`);
  await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText('invitation');
  await expect(page).toHaveURL('/oidc');
  await page.getByRole('link', { name: 'Back to signing in' }).click();
  await expectSignInPage(page);
});

test('what somebody else has brought back from the provider signs nobody in', async ({ openBrowser }) => {
  const page = await (await openBrowser(undefined)).newPage();
  await page.goto('/oidc?code=c0de&state=01890000-0000-7000-8000-000000000000');
  await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
  await expect(page).toHaveURL('/oidc');
  await page.goto('/oidc');
  await expect(page.getByRole('heading', { name: 'You are not signed in' })).toBeVisible();
});

test('a password still lets in where there is a provider', async ({ invite, openBrowser }) => {
  const person = await invite('By Password');
  const page = await (await openBrowser(undefined)).newPage();
  await page.goto('/sign-in');
  await signInForm(page).signIn(person);
  await expect(consoleOn(page).connection).toHaveText('Live');
});

test('38. who signed in at the provider confirms there that it is still them, and finds their input again', async ({
  people,
  api,
  baseURL,
  token,
  sessions,
  openBrowser,
}) => {
  const user = await people.create('Confirms There', { role: 2 });
  const other = await people.create('Raised After It');
  const credentials = new CredentialServiceClient(programTransport(baseURL ?? '', token));
  const { path } = await credentials.createLink({ userId: user.id, requestId: '' }).response;
  const page = await (await openBrowser(undefined)).newPage();
  await page.goto(path);
  await page.getByRole('button', { name: 'Continue with The Directory' }).click();
  await signInAtProvider(page, `confirms-${people.tag}`);
  await expect(consoleOn(page).connection).toHaveText('Live');
  const view = await openConsole(page, people.filter);
  const panel = await view.open('Raised After It');
  await choose(panel, 'Role', 'Editor');
  await sessions.provedAgo({ id: user.id, email: user.email, password: '', cookie: noCookie }, 20);
  await page.route('**/GetSignInOptions', (route) => route.abort());
  await panel.getByRole('button', { name: 'Save' }).click();
  // There is no other way to confirm: while it is not known, the question says so.
  const question = confirmation(page);
  await expect(question.getByRole('status', { name: 'Loading' }).or(question.getByRole('alert'))).toBeVisible();
  await page.unroute('**/GetSignInOptions');
  await question.getByRole('button', { name: 'Continue with The Directory' }).click();
  await confirmAtProvider(page, `confirms-${people.tag}`);
  await expect(panel.getByText('1 change', { exact: true })).toBeVisible();
  await panel.getByRole('button', { name: 'Save' }).click();
  await expect.poll(async () => (await api.get(other.id)).role).toBe(2);
});

const noCookie = {
  name: '',
  value: '',
  domain: '',
  path: '/',
  expires: -1,
  httpOnly: true,
  secure: true,
  sameSite: 'Strict',
} as const;
