import { User } from '@roster/proto/gen/userservice/v1/user';
import { addressLines } from '@roster/proto/mask-paths';
import type { DraftStorage } from '../../../session/person-storage.ts';
import { type Draft, startDraft } from './draft.ts';
import type { UserFormValues } from './user-form.ts';

/** The draft of somebody who does not exist yet. */
export const newUserKey = 'new';

/** Who is being created while their form is left. */
const asideKey = 'new-on-its-way';

const keyOf = (key: string) => `roster.draft.${key}`;

/** Keeps an edit. A full or forbidden storage loses only the protection against a reload, so it is no error. */
export function storeDraft(storage: DraftStorage, userId: string, { base, values }: Draft): void {
  store(storage, userId, { base: User.toJson(base), values });
}

export function storeNewUser(storage: DraftStorage, values: UserFormValues): void {
  store(storage, newUserKey, { values });
}

export function forgetDraft(storage: DraftStorage, key: string): void {
  try {
    storage.removeItem(keyOf(key));
  } catch {
    // Nothing was kept.
  }
}

/** Reads an edit back; undefined where none was kept or where another version of the page kept it. The fetched user is merged into it afterwards. */
export function loadDraft(storage: DraftStorage, userId: string): Draft | undefined {
  const stored = load(storage, userId);
  if (!stored || !isValues(stored['values'])) return undefined;
  const base = parseUser(stored['base']);
  return base && { ...startDraft(base), values: stored['values'] };
}

/** What was typed about a new user. Who is being created is not offered to be typed anew, but is again if that was refused, or if the page is another one since. */
export function loadNewUser(storage: DraftStorage, page: number): UserFormValues | undefined {
  const values = load(storage, newUserKey)?.['values'];
  if (isValues(values)) return values;
  const aside = load(storage, asideKey);
  if (!aside || aside['page'] === page || !isValues(aside['values'])) return undefined;
  storeNewUser(storage, aside['values']);
  forgetDraft(storage, asideKey);
  return aside['values'];
}

/** The form of a new user is left while the answer to what was sent is on its way. `page` names this load of the page. */
export function setNewUserAside(storage: DraftStorage, page: number): void {
  const values = load(storage, newUserKey)?.['values'];
  if (isValues(values)) store(storage, asideKey, { values, page });
  forgetDraft(storage, newUserKey);
}

/** The answer to what was set aside. What is not kept by now was thrown away by signing out. */
export function settleNewUserAside(storage: DraftStorage, isCreated: boolean): void {
  const values = load(storage, asideKey)?.['values'];
  if (isCreated || !isValues(values)) forgetDraft(storage, asideKey);
  else store(storage, asideKey, { values });
}

function store(storage: DraftStorage, key: string, content: object): void {
  try {
    storage.setItem(keyOf(key), JSON.stringify(content));
  } catch {
    // See storeDraft.
  }
}

function load(storage: DraftStorage, key: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const content: unknown = JSON.parse(storage.getItem(keyOf(key)) ?? 'null');
    return isRecord(content) ? content : undefined;
  } catch {
    return undefined;
  }
}

function parseUser(json: unknown): User | undefined {
  try {
    return User.fromJson(json as Parameters<typeof User.fromJson>[0]);
  } catch {
    return undefined;
  }
}

function isValues(content: unknown): content is UserFormValues {
  if (!isRecord(content)) return false;
  const { name, email, role, state, tags, address, metadata } = content;
  return (
    typeof name === 'string' &&
    typeof email === 'string' &&
    typeof role === 'number' &&
    typeof state === 'number' &&
    Array.isArray(tags) &&
    tags.every((tag) => typeof tag === 'string') &&
    isRecord(address) &&
    addressLines.every((line) => typeof address[line] === 'string') &&
    Array.isArray(metadata) &&
    metadata.every(isRow)
  );
}

function isRow(content: unknown): boolean {
  if (!isRecord(content)) return false;
  return (
    typeof content['rowId'] === 'number' && typeof content['key'] === 'string' && typeof content['value'] === 'string'
  );
}

function isRecord(content: unknown): content is Readonly<Record<string, unknown>> {
  return typeof content === 'object' && content !== null;
}
