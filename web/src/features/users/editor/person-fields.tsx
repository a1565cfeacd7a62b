import { roleOptions, stateOptions } from '../../../lib/user-words.ts';
import { Select } from '../../../ui/select.tsx';
import { TextField } from '../../../ui/text-field.tsx';
import { FieldSlot, fieldState } from './field-slot.tsx';
import styles from './fields.module.css';
import type { FormControls } from './form-controls.ts';
import { TagsField } from './tags-field.tsx';

interface FormProps {
  readonly form: FormControls;
}

export function NameField({ form, autoFocus = false }: FormProps & { readonly autoFocus?: boolean }) {
  return (
    <FieldSlot form={form} field="name">
      <TextField
        label="Name"
        value={form.values.name}
        onChange={(name) => form.change({ name })}
        readOnly={form.isReadOnly('name')}
        autoFocus={autoFocus}
        {...fieldState(form, 'name')}
      />
    </FieldSlot>
  );
}

export function EmailField({ form }: FormProps) {
  return (
    <FieldSlot form={form} field="email">
      <TextField
        label="Email"
        inputMode="email"
        value={form.values.email}
        onChange={(email) => form.change({ email })}
        readOnly={form.isReadOnly('email')}
        {...fieldState(form, 'email')}
      />
    </FieldSlot>
  );
}

export function RoleField({ form }: FormProps) {
  const { role } = form.values;
  return (
    <FieldSlot form={form} field="role">
      <Select
        label="Role"
        value={role}
        onChange={(next) => form.change({ role: next })}
        options={roleOptions.filter(({ value }) => value === role || form.mayGive(value))}
        placeholder={`Role ${role}`}
        isDisabled={form.isReadOnly('role')}
        description={roleOptions.find(({ value }) => value === role)?.description}
        {...fieldState(form, 'role')}
      />
    </FieldSlot>
  );
}

export function StateField({ form }: FormProps) {
  const { state } = form.values;
  return (
    <FieldSlot form={form} field="state">
      <Select
        label="State"
        value={state}
        onChange={(next) => form.change({ state: next })}
        options={stateOptions}
        isDisabled={form.isReadOnly('state')}
        description={stateOptions.find(({ value }) => value === state)?.description}
        {...fieldState(form, 'state')}
      />
    </FieldSlot>
  );
}

export function OverviewFields({ form, autoFocus }: FormProps & { readonly autoFocus?: boolean }) {
  return (
    <>
      <NameField form={form} autoFocus={autoFocus ?? false} />
      <EmailField form={form} />
      <TagsField form={form} />
    </>
  );
}

export function AccessFields({ form }: FormProps) {
  return (
    <div className={styles.pair}>
      <RoleField form={form} />
      <StateField form={form} />
    </div>
  );
}
