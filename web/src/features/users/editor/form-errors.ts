import { addressLines, formatLeaf, maskFields, parseMaskPath } from '@roster/proto/mask-paths';
import type { FieldError } from '../../../rpc/app-error.ts';
import type { UserFormValues } from './user-form.ts';

/** What is wrong with a form: by field, and what belongs to no field that is shown. Fields are named as by `formatLeaf`, `tags[2]` or `row:3`. */
export interface FormErrors {
  readonly byField: ReadonlyMap<string, string>;
  readonly general: readonly string[];
}

export const noErrors: FormErrors = { byField: new Map(), general: [] };

/** Names a metadata row for faults that its key cannot name: it is empty or used twice. */
export function rowField(rowId: number): string {
  return `row:${rowId}`;
}

/**
 * Puts the server's violations on the form's fields.
 *
 * An update names them `user.name`, a create `name`; what the form does not show becomes a general error, so that nothing is swallowed.
 */
export function toFormErrors(violations: readonly FieldError[], values: UserFormValues): FormErrors {
  const shown = new Set(fieldsOf(values));
  const byField = new Map<string, string>();
  const general: string[] = [];
  for (const { field, message } of violations) {
    const name = canonical(field);
    if (!shown.has(name)) general.push(field ? `${field}: ${message}` : message);
    else byField.set(name, [byField.get(name), message].filter(Boolean).join(' '));
  }
  return { byField, general };
}

/** Finds what a message cannot even carry to the server: metadata without a key or with one key twice, and halves of characters. */
export function checkForm(values: UserFormValues): FormErrors {
  const byField = new Map<string, string>();
  const keys = new Set<string>();
  for (const { rowId, key, value } of values.metadata) {
    if (key === '' && value !== '') byField.set(rowField(rowId), 'Give this value a key.');
    if (key !== '' && keys.has(key)) byField.set(rowField(rowId), 'This key is used twice.');
    if (!key.isWellFormed() || !value.isWellFormed()) byField.set(rowField(rowId), halfCharacter);
    keys.add(key);
  }
  for (const [field, text] of textsOf(values)) if (!text.isWellFormed()) byField.set(field, halfCharacter);
  return { byField, general: [] };
}

/** The field to which the focus goes: the first one at fault, from the top of the form. */
export function firstFault(errors: FormErrors, values: UserFormValues): string | undefined {
  return fieldsOf(values).find((field) => errors.byField.has(field));
}

/** Leaves out the faults of fields that have been edited since. */
export function withoutErrorsOf(errors: FormErrors, before: UserFormValues, after: UserFormValues): FormErrors {
  if (errors.byField.size === 0 && errors.general.length === 0) return errors;
  const kept = [...errors.byField].filter(([field]) => textOf(before, field) === textOf(after, field));
  return { byField: new Map(kept), general: errors.general };
}

const halfCharacter = 'This holds half of a character; delete it and type it anew.';

function textsOf({ name, email, tags, address }: UserFormValues): readonly (readonly [string, string])[] {
  return [
    ['name', name],
    ['email', email],
    ...tags.map((tag, index) => [`tags[${index}]`, tag] as const),
    ...addressLines.map((line) => [`address.${line}`, address[line]] as const),
  ];
}

/** Every field name of the form, from its top to its foot. */
function fieldsOf(values: UserFormValues): readonly string[] {
  return [
    ...maskFields.filter((field) => field !== 'metadata' && field !== 'address' && field !== 'tags'),
    'tags',
    ...values.tags.map((_, index) => `tags[${index}]`),
    'address',
    ...addressLines.map((line) => `address.${line}`),
    'metadata',
    ...values.metadata.flatMap(({ rowId, key }) => [rowField(rowId), ...(key ? [keyField(key)] : [])]),
  ];
}

function textOf(values: UserFormValues, field: string): string {
  const leaf = parseMaskPath(field);
  if (leaf?.field === 'address') return JSON.stringify('line' in leaf ? values.address[leaf.line] : values.address);
  // What is wrong with a row's key, such as that it is used twice, may be mended in another row.
  if (field === 'metadata' || field.startsWith('row:')) return JSON.stringify(values.metadata);
  if (leaf?.field === 'metadata') return JSON.stringify(values.metadata.filter(({ key }) => field === keyField(key)));
  return JSON.stringify(values[leaf?.field ?? 'tags']);
}

function canonical(field: string): string {
  const path = field.startsWith('user.') ? field.slice('user.'.length) : field;
  if (/^tags\[\d+\]$/.test(path)) return path;
  const leaf = parseMaskPath(path);
  return leaf?.field === 'metadata' && 'key' in leaf ? formatLeaf(leaf) : path;
}

function keyField(key: string): string {
  return key === '' ? '' : formatLeaf({ field: 'metadata', key });
}
