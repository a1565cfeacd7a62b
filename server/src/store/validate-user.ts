import { Address, type User, UserRole, UserState } from '@roster/proto/gen/userservice/v1/user';
import { lengthOf, limits } from '@roster/proto/limits';
import { addressLines, addressProperty, formatLeaf, type MaskField, maskFields } from '@roster/proto/mask-paths';
import type { FieldViolation } from '../rpc/rpc-error.ts';
import { validateText } from './validate-text.ts';

/** The part of a user that a client owns. */
export type UserFields = Pick<User, MaskField>;

/**
 * Says what is wrong with some fields of a user, all of them unless told otherwise; empty where nothing is. `prefix` leads the paths, for example `user.`.
 *
 * Expects trimmed name and email, see `tidyFields`.
 */
export function validateUser(
  fields: UserFields,
  prefix = '',
  names: Iterable<MaskField> = maskFields,
): readonly FieldViolation[] {
  return [...new Set(names)].flatMap((name) => validateField(fields, name, prefix));
}

function validateField(fields: UserFields, name: MaskField, prefix: string): readonly FieldViolation[] {
  switch (name) {
    case 'name':
      return validateName(`${prefix}name`, fields.name);
    case 'email':
      return validateEmail(`${prefix}email`, fields.email);
    case 'role':
      return validateRole(`${prefix}role`, fields.role);
    case 'state':
      return validateState(`${prefix}state`, fields.state);
    case 'address':
      return validateAddress(`${prefix}address`, fields.address);
    case 'tags':
      return validateTags(`${prefix}tags`, fields.tags);
    case 'metadata':
      return validateMetadata(prefix, fields.metadata);
  }
}

/**
 * Trims what people paste with spaces around it, gives the state its default, and leaves out an address without lines, so that an answer reads as the
 * stored user will. The texts are otherwise kept as they came.
 */
export function tidyFields<T extends UserFields>({
  address,
  ...fields
}: T): Omit<T, 'address'> & { address?: Address } {
  return {
    ...fields,
    name: fields.name.trim(),
    email: fields.email.trim(),
    state: fields.state || UserState.ACTIVE,
    ...tidyAddress(address),
  };
}

/** Copies the lines alone: what a newer client sent beside them is not kept. */
function tidyAddress(address: Address | undefined): { address?: Address } {
  if (!address || addressLines.every((line) => address[addressProperty(line)] === '')) return {};
  return { address: Address.create(address) };
}

/** Nothing that anybody could see, though it is not trimmed away. */
const isInvisible = /^[\p{Default_Ignorable_Code_Point}\p{Z}]*$/u;

function validateName(field: string, name: string): readonly FieldViolation[] {
  const seen = isInvisible.test(name) ? '' : name;
  return validateText(field, seen, { max: limits.nameLength, required: 'Enter a name.' });
}

/** Accepts what can be an address: one @, something on either side, a domain of letters, digits, hyphens and dots in any script. */
const emailShape =
  /^[^\s@"(),:;<>[\\\]]+@[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?(?:\.[\p{L}\p{N}\p{M}](?:[\p{L}\p{N}\p{M}-]*[\p{L}\p{N}\p{M}])?)*$/u;

/** Expects a trimmed email. */
export function validateEmail(field: string, email: string): readonly FieldViolation[] {
  const text = validateText(field, email, { max: limits.emailLength, required: 'Enter an email address.' });
  if (text.length > 0 || emailShape.test(email)) return text;
  return [{ field, description: 'This is not an email address, such as name@example.org.', reason: 'EMAIL_INVALID' }];
}

function validateRole(field: string, role: UserRole): readonly FieldViolation[] {
  switch (role) {
    case UserRole.ADMIN:
    case UserRole.EDITOR:
    case UserRole.VIEWER:
      return [];
    default:
      return [{ field, description: 'Choose a role: admin, editor or viewer.', reason: 'ROLE_UNKNOWN' }];
  }
}

function validateState(field: string, state: UserState): readonly FieldViolation[] {
  switch (state) {
    case UserState.ACTIVE:
    case UserState.SUSPENDED:
      return [];
    default:
      return [{ field, description: 'Choose a state: active or suspended.', reason: 'STATE_UNKNOWN' }];
  }
}

function validateAddress(field: string, address: Address | undefined): readonly FieldViolation[] {
  if (!address) return [];
  return addressLines.flatMap((line) =>
    validateText(`${field}.${line}`, address[addressProperty(line)], { max: limits.addressLineLength }),
  );
}

function validateTags(field: string, tags: readonly string[]): readonly FieldViolation[] {
  if (tags.length > limits.tags) {
    return [{ field, description: `At most ${limits.tags} tags; there are ${tags.length}.`, reason: 'TOO_MANY' }];
  }
  return tags.flatMap((tag, index) => {
    const at = `${field}[${index}]`;
    if (tags.indexOf(tag) < index)
      return [{ field: at, description: `The tag “${clip(tag)}” is there twice.`, reason: 'DUPLICATE' }];
    return validateText(at, tag, { max: limits.tagLength, required: 'A tag cannot be empty.' });
  });
}

function validateMetadata(prefix: string, metadata: Readonly<Record<string, string>>): readonly FieldViolation[] {
  const entries = Object.entries(metadata);
  if (entries.length > limits.metadataEntries) {
    const description = `At most ${limits.metadataEntries} entries; there are ${entries.length}.`;
    return [{ field: `${prefix}metadata`, description, reason: 'TOO_MANY' }];
  }
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  if (bytes > limits.metadataBytes && entries.every(([key]) => lengthOf(key) <= limits.metadataKeyLength)) {
    const description = `At most ${limits.metadataBytes} bytes altogether; there are ${bytes}.`;
    return [{ field: `${prefix}metadata`, description, reason: 'TOO_LARGE' }];
  }
  return entries.flatMap(([key, value]) => {
    const field = prefix + formatLeaf({ field: 'metadata', key: clip(key) });
    return [
      ...validateText(field, key, { max: limits.metadataKeyLength, required: 'A key cannot be empty.' }),
      ...validateText(field, value, { max: limits.metadataValueLength }),
    ];
  });
}

/** A violation travels in headers; a text that is far too long must not push it out of them. */
function clip(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200).toWellFormed()}…`;
}
