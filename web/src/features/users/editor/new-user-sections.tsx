import { AddressFields } from './address-fields.tsx';
import type { FormControls } from './form-controls.ts';
import { FoldedSection, FormSection } from './form-section.tsx';
import { MetadataFields } from './metadata-field.tsx';
import { OverviewFields, RoleField } from './person-fields.tsx';
import { filledLines } from './user-form.ts';

export interface NewUserSectionsProps {
  readonly form: FormControls;
  readonly opened: ReadonlySet<string>;
  readonly onOpenedChange: (opened: ReadonlySet<string>) => void;
}

/** What one fills in for a new user: name, email and role; the rest is folded. */
export function NewUserSections({ form, opened, onOpenedChange }: NewUserSectionsProps) {
  const lines = filledLines(form.values).length;
  const entries = form.values.metadata.length;
  function toggle(section: string, isOpen: boolean): void {
    const others = [...opened].filter((each) => each !== section);
    onOpenedChange(new Set(isOpen ? [...others, section] : others));
  }
  return (
    <>
      <FormSection title="Overview" isTitleHidden>
        <OverviewFields form={form} autoFocus />
        <RoleField form={form} />
      </FormSection>
      <FoldedSection
        title="Address"
        summary={lines === 0 ? 'None' : `${lines} of 5 lines`}
        isOpen={opened.has('address')}
        onToggle={(isOpen) => toggle('address', isOpen)}
      >
        <AddressFields form={form} />
      </FoldedSection>
      <FoldedSection
        title="Metadata"
        summary={entries === 0 ? 'None' : entries === 1 ? '1 entry' : `${entries} entries`}
        isOpen={opened.has('metadata')}
        onToggle={(isOpen) => toggle('metadata', isOpen)}
      >
        <MetadataFields form={form} missing={[]} />
      </FoldedSection>
    </>
  );
}
