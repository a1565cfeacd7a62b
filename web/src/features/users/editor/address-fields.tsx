import type { AddressLine } from '@roster/proto/mask-paths';
import { lineLabels } from '../../../lib/user-words.ts';
import { TextField } from '../../../ui/text-field.tsx';
import { FieldSlot, fieldState } from './field-slot.tsx';
import styles from './fields.module.css';
import type { FormControls } from './form-controls.ts';

export function AddressFields({ form }: { readonly form: FormControls }) {
  return (
    <>
      <Line form={form} line="street" />
      <div className={styles.codeAndCity}>
        <Line form={form} line="postal_code" />
        <Line form={form} line="city" />
      </div>
      <div className={styles.pair}>
        <Line form={form} line="state" />
        <Line form={form} line="country" />
      </div>
    </>
  );
}

function Line({ form, line }: { readonly form: FormControls; readonly line: AddressLine }) {
  const field = `address.${line}`;
  const { address } = form.values;
  return (
    <FieldSlot form={form} field={field}>
      <TextField
        label={lineLabels[line]}
        value={address[line]}
        onChange={(text) => form.change({ address: { ...address, [line]: text } })}
        readOnly={form.isReadOnly(field)}
        {...fieldState(form, field)}
      />
    </FieldSlot>
  );
}
