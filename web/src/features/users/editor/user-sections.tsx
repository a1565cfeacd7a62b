import type { User } from '@roster/proto/gen/userservice/v1/user';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { AddressFields } from './address-fields.tsx';
import styles from './editor.module.css';
import type { FormControls } from './form-controls.ts';
import { FormSection } from './form-section.tsx';
import { MetadataFields } from './metadata-field.tsx';
import { AccessFields, OverviewFields } from './person-fields.tsx';
import { timeOf } from './time-of.ts';

export interface UserSectionsProps {
  readonly user: User;
  readonly form: FormControls;
  /** Metadata paths that need a notice but have no row. */
  readonly missing: readonly string[];
}

export function UserSections({ user, form, missing }: UserSectionsProps) {
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
      <FormSection title="Address">
        <AddressFields form={form} />
      </FormSection>
      <FormSection title="Metadata">
        <MetadataFields form={form} missing={missing} />
      </FormSection>
    </>
  );
}
