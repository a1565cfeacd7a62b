import type { User } from '@roster/proto/gen/userservice/v1/user';
import { timeOf } from '../../../lib/time-of.ts';
import { useSignedIn } from '../../../session/session-context.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { AddressFields } from './address-fields.tsx';
import styles from './editor.module.css';
import type { FormControls } from './form-controls.ts';
import { FormSection } from './form-section.tsx';
import { MetadataFields } from './metadata-field.tsx';
import { AccessFields, OverviewFields } from './person-fields.tsx';
import { SignInSection } from './sign-in-section.tsx';

export interface UserSectionsProps {
  readonly user: User;
  readonly form: FormControls;
  /** Metadata paths that need a notice but have no row. */
  readonly missing: readonly string[];
}

const signInMethod = '/roster.credentials.v1.CredentialService/BatchGetSignInStates';

export function UserSections({ user, form, missing }: UserSectionsProps) {
  const maySeeSignIn = useSignedIn().access.may(signInMethod);
  return (
    <>
      <FormSection title="Overview">
        <OverviewFields form={form} />
        <dl className={styles.times}>
          <div>
            <dt>Created</dt>
            <dd>
              <RelativeTime at={timeOf(user.createdAt)} />
            </dd>
          </div>
          <div>
            <dt>Updated</dt>
            <dd>
              <RelativeTime at={timeOf(user.updatedAt)} />
            </dd>
          </div>
        </dl>
      </FormSection>
      <FormSection title="Access">
        <AccessFields form={form} />
      </FormSection>
      {maySeeSignIn && <SignInSection user={user} isUnsaved={form.isChanged('email') || form.isChanged('role')} />}
      <FormSection title="Address">
        <AddressFields form={form} />
      </FormSection>
      <FormSection title="Metadata">
        <MetadataFields form={form} missing={missing} />
      </FormSection>
    </>
  );
}
