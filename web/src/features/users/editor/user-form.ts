import { User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { type AddressLine, addressLines, addressProperty, type Leaf } from '@roster/proto/mask-paths';

/** One entry of the metadata while it is edited: its key may still be empty or used twice, which a map cannot hold. */
export interface MetadataRow {
  /** Stays the same while the row is renamed or moved; unique within the form. */
  readonly rowId: number;
  readonly key: string;
  readonly value: string;
}

/** What a person can type about a user. */
export interface UserFormValues {
  readonly name: string;
  readonly email: string;
  readonly role: UserRole;
  readonly state: UserState;
  readonly tags: readonly string[];
  readonly address: Readonly<Record<AddressLine, string>>;
  readonly metadata: readonly MetadataRow[];
}

/** A part of a form that the screen draws as one control. */
export type FormPatch = Partial<UserFormValues>;

/** The form of a new user: may read, and nothing is filled in. */
export function emptyForm(): UserFormValues {
  return toForm(User.create({ role: UserRole.VIEWER, state: UserState.ACTIVE }));
}

/** Whether nothing has been filled in; entries without key and value count as nothing. */
export function isEmptyForm(values: UserFormValues): boolean {
  const metadata = values.metadata.filter(({ key, value }) => key !== '' || value !== '');
  return JSON.stringify({ ...values, metadata }) === JSON.stringify(emptyForm());
}

/** What has been typed between two states of a form. */
export function patchBetween(before: UserFormValues, after: UserFormValues): FormPatch {
  const fields = Object.keys(after) as (keyof UserFormValues)[];
  const changed = fields.filter((field) => JSON.stringify(before[field]) !== JSON.stringify(after[field]));
  return Object.fromEntries(changed.map((field) => [field, after[field]]));
}

export function toForm(user: User): UserFormValues {
  const { name, email, role, state, tags } = user;
  const line = (name: AddressLine) => user.address?.[addressProperty(name)] ?? '';
  return {
    name,
    email,
    role,
    state,
    tags: [...tags],
    address: {
      street: line('street'),
      city: line('city'),
      state: line('state'),
      country: line('country'),
      postal_code: line('postal_code'),
    },
    metadata: Object.entries(user.metadata)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value], rowId) => ({ rowId, key, value })),
  };
}

/** The user that these values describe. Rows without a key are left out, and of two rows with one key the first counts; `checkForm` refuses both. */
export function toUser(values: UserFormValues): User {
  const { name, email, role, state, tags, address } = values;
  const rows = values.metadata.filter(({ key }) => key !== '').reverse();
  return {
    ...User.create({ name, email, role, state, tags: [...tags] }),
    address: {
      street: address.street,
      city: address.city,
      state: address.state,
      country: address.country,
      postalCode: address.postal_code,
    },
    // Not through `create`, which loses a key like `__proto__`; the server is to see it and refuse it.
    metadata: Object.fromEntries(rows.map(({ key, value }) => [key, value])),
  };
}

/** Copies one leaf of a user into the form; a metadata key that the user does not have goes. */
export function takeLeaf(values: UserFormValues, leaf: Leaf, from: User): UserFormValues {
  switch (leaf.field) {
    case 'address':
      return {
        ...values,
        address: { ...values.address, [leaf.line]: from.address?.[addressProperty(leaf.line)] ?? '' },
      };
    case 'metadata':
      return { ...values, metadata: takeRow(values.metadata, leaf.key, from) };
    case 'tags':
      return { ...values, tags: [...from.tags] };
    default:
      return { ...values, [leaf.field]: from[leaf.field] };
  }
}

/** Copies one leaf from a user to another. */
export function copyLeaf(to: User, leaf: Leaf, from: User): User {
  const taken = toUser(takeLeaf(toForm(to), leaf, from));
  return { ...to, [leaf.field]: taken[leaf.field] };
}

export function nextRowId(rows: readonly MetadataRow[]): number {
  return rows.reduce((highest, { rowId }) => Math.max(highest, rowId), -1) + 1;
}

function takeRow(rows: readonly MetadataRow[], key: string, from: User): readonly MetadataRow[] {
  const others = rows.filter((row) => row.key !== key);
  const value = Object.hasOwn(from.metadata, key) ? from.metadata[key] : undefined;
  if (value === undefined) return others;
  const held = rows.find((row) => row.key === key);
  if (!held) return [...rows, { rowId: nextRowId(rows), key, value }];
  return rows.filter((row) => row === held || row.key !== key).map((row) => (row === held ? { ...row, value } : row));
}

/** The address lines that hold anything; a form opens its folded address when there are some. */
export function filledLines(values: UserFormValues): readonly AddressLine[] {
  return addressLines.filter((line) => values.address[line] !== '');
}
