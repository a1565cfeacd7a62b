import { User } from '@roster/proto/gen/userservice/v1/user';
import { FieldChange, UpdateConflict } from '@roster/proto/gen/userservice/v1/user_service';
import { parseMaskPath } from '@roster/proto/mask-paths';
import type { Connection } from '../../database/database.ts';
import { aborted, type RpcError } from '../../rpc/rpc-error.ts';
import { applyMask } from '../../store/apply-mask.ts';
import { timestampOf } from '../../store/user-row.ts';
import { type LeafChange, readChanges } from '../../store/user-store.ts';
import type { Overlap } from './merge.ts';

/** Of the 24 KiB that the details of a status may have. */
const conflictBytesMax = 20 * 1024;

/**
 * Makes the ABORTED of an edit that overlaps: what the user is now, and who changed each contested field, when, from what to what.
 *
 * A status travels in headers. Of a large user it leaves out what can be read elsewhere: first the current user, then the values.
 */
export async function conflictError(
  connection: Connection,
  current: User,
  overlaps: readonly Overlap[],
): Promise<RpcError> {
  const revisions = [...new Set(overlaps.map((overlap) => overlap.revision))];
  const history = new Map(
    (await readChanges(connection, current.id, revisions)).map((change) => [change.revision, change]),
  );
  const changes = overlaps.map(({ path, revision }) => fieldChange(path, revision, history.get(revision)));
  const conflict = [
    UpdateConflict.create({ current, changes }),
    UpdateConflict.create({ changes }),
    UpdateConflict.create({ changes: changes.map(withoutValues) }),
  ].find((candidate) => UpdateConflict.toBinary(candidate).length <= conflictBytesMax);
  const names = overlaps.map((overlap) => overlap.path).join(', ');
  const what = names === '' ? 'this user' : `this meanwhile: ${names}`;
  return aborted('EDIT_CONFLICT', `Someone else changed ${what}.`, {
    type: UpdateConflict,
    message: conflict ?? UpdateConflict.create(),
  });
}

function fieldChange(path: string, revision: number, change: LeafChange | undefined): FieldChange {
  if (!change) return FieldChange.create({ path, revision });
  return FieldChange.create({
    path,
    revision,
    actor: change.actor,
    changedAt: timestampOf(change.at),
    before: onlyField(User.fromBinary(change.before), path),
    after: onlyField(User.fromBinary(change.after), path),
  });
}

function withoutValues({ before: _, after: __, ...change }: FieldChange): FieldChange {
  return FieldChange.create(change);
}

function onlyField(user: User, path: string): User {
  const leaf = parseMaskPath(path);
  return leaf ? applyMask(User.create(), user, [leaf]) : User.create();
}
