import { expect, type Locator, type Page } from '@playwright/test';
import type { SignedIn } from './sign-in.ts';

/** For `test.use`: windows in which nobody is signed in. */
export const nobody = { cookies: [], origins: [] };

/** The form that signs somebody in, on its page or in a dialog over another. */
export interface SignInForm {
  readonly email: Locator;
  readonly password: Locator;
  readonly submit: Locator;
  readonly passkey: Locator;
  readonly problem: Locator;
  signIn(person: Pick<SignedIn, 'email' | 'password'>): Promise<void>;
}

export function signInForm(place: Page | Locator): SignInForm {
  const email = place.getByRole('textbox', { name: 'Email' });
  const password = place.getByLabel('Password', { exact: true });
  const submit = place.getByRole('button', { name: /^(Sign in|Signing in|Wait .*)$/ });
  return {
    email,
    password,
    submit,
    passkey: place.getByRole('button', { name: /^(Sign in with|Use) a passkey$/ }),
    problem: place.getByRole('alert'),
    async signIn(person) {
      await email.fill(person.email);
      await password.fill(person.password);
      await submit.click();
    },
  };
}

export async function expectSignInPage(page: Page): Promise<void> {
  await expect(page.getByRole('heading', { name: 'Sign in', level: 1 })).toBeVisible();
  await expect(page).toHaveURL('/sign-in');
}

/** The menu of who is signed in. */
export async function openPersonMenu(page: Page, name: string): Promise<Locator> {
  await page.getByRole('navigation', { name: 'Places' }).getByRole('button', { name }).click();
  return page.getByRole('dialog', { name });
}

export async function signOut(page: Page, name: string): Promise<void> {
  const menu = await openPersonMenu(page, name);
  await menu.getByRole('button', { name: 'Sign out' }).click();
  await expectSignInPage(page);
}

/** The dialog that asks whether it is still the same person. */
export function confirmation(page: Page): Locator {
  return page.getByRole('dialog', { name: 'Confirm that it is you' });
}
