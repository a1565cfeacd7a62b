import { invalidArgument } from '../rpc/rpc-error.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Reads the id of a user in lower case; INVALID_ARGUMENT where it is no UUID. */
export function readUserId(id: string, field: string): string {
  if (uuid.test(id)) return id.toLowerCase();
  const description =
    id === '' ? 'Name a user by its id.' : 'An id is a UUID, such as 018f4e2c-7d3a-7c1e-9b54-2f6d8a9c0e11.';
  throw invalidArgument([{ field, description, reason: id === '' ? 'REQUIRED' : 'ID_INVALID' }]);
}

/** Reads an optional UUID in lower case. */
export function readOptionalUuid(text: string, field: string): string | undefined {
  if (text === '') return undefined;
  if (uuid.test(text)) return text.toLowerCase();
  throw invalidArgument([{ field, description: 'Must be a UUID.', reason: 'UUID_INVALID' }]);
}
