import type { FieldViolation } from '../rpc/rpc-error.ts';
import type { CommonPasswords } from './common-passwords.ts';
import type { PasswordHasher } from './password-hasher.ts';
import { type PasswordOwner, validatePassword } from './password-rules.ts';

/** All that is done with passwords. No one else ever sees one. */
export interface Passwords extends PasswordHasher {
  /** Says why somebody cannot use a password, on the field `password`; empty where they can. */
  validate(password: string, owner: PasswordOwner): readonly FieldViolation[];
}

export function createPasswords(parts: {
  readonly hasher: PasswordHasher;
  readonly common: CommonPasswords;
}): Passwords {
  return {
    ...parts.hasher,
    validate: (password, owner) => validatePassword(password, owner, parts.common),
  };
}
