import type { ReactNode } from 'react';
import { useTitle } from '../../lib/use-title.ts';
import { ReadCache } from '../../rpc/read-cache.tsx';
import { Page } from '../../ui/page.tsx';
import { PasskeysSection } from './passkeys-section.tsx';
import { PasswordSection } from './password-section.tsx';
import { PersonSection } from './person-section.tsx';
import { SessionsSection } from './sessions-section.tsx';

/** What concerns only the person who is signed in: how they sign in, and where they are. */
export function AccountPage({ navigationButton }: { readonly navigationButton: ReactNode }) {
  useTitle('Account');
  return (
    <ReadCache>
      <Page title="Account" navigationButton={navigationButton}>
        <PersonSection />
        <PasswordSection />
        <PasskeysSection />
        <SessionsSection />
      </Page>
    </ReadCache>
  );
}
