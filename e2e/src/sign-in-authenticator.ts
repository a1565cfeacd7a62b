import { expect, type Page } from '@playwright/test';

/** A device that makes and answers passkeys, as the browser's own tools pretend it. */
export interface Authenticator {
  /** Whether its person is there to touch it; else every question waits. */
  setPresent(isPresent: boolean): Promise<void>;
  /** How many passkeys it holds. */
  count(): Promise<number>;
  /** It is lost. */
  remove(): Promise<void>;
}

export async function addAuthenticator(page: Page): Promise<Authenticator> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    async setPresent(enabled) {
      await devtools.send('WebAuthn.setAutomaticPresenceSimulation', { authenticatorId, enabled });
    },
    count: async () => (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length,
    async remove() {
      await devtools.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId });
    },
  };
}

/** Makes the browser one that offers no passkeys beside a form, from the next page on: whoever has one must press the button. */
export async function offerNoPasskeys(page: Page): Promise<void> {
  await page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });
}

/** Gives the person of a window a device that is there, and a passkey on it, by their account. */
export async function addPasskey(page: Page): Promise<Authenticator> {
  const authenticator = await addAuthenticator(page);
  await page.goto('/account');
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(page.getByRole('list', { name: 'Passkeys' }).getByRole('listitem')).toHaveCount(1);
  return authenticator;
}
