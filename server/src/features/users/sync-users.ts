import type { User } from '@roster/proto/gen/userservice/v1/user';
import { type SyncRequest, SyncResponse, SyncStatus } from '@roster/proto/gen/userservice/v1/user_service';
import type { Connection } from '../../database/database.ts';
import type { BidiStreamHandler, CallContext } from '../../rpc/context.ts';
import { invalidArgument, RpcError } from '../../rpc/rpc-error.ts';
import { authorizeCreation } from '../../rules/authorize-change.ts';
import { readOptionalUuid, readUserId } from '../../store/ids.ts';
import { emailTaken, idTaken, newUser, tryInsertUser } from '../../store/new-user.ts';
import { type Author, readUser } from '../../store/user-store.ts';
import { softDelete } from './delete-user.ts';
import { readUpdateMask } from './update-mask.ts';
import { applyEdit, refuseFeed } from './update-user.ts';
import type { UsersParts } from './users-parts.ts';

export function syncUsers(parts: UsersParts): BidiStreamHandler<SyncRequest, SyncResponse> {
  return async function* (requests, context) {
    for await (const request of requests) {
      const author = {
        caller: context.caller,
        requestId: context.requestId,
        address: context.address,
        at: parts.clock(),
      };
      yield request instanceof RpcError ? failed('', request) : await syncOne(parts, request, author, context);
    }
  };
}

/** Applies one action in its own transaction; what a caller can mend becomes a FAILED answer, anything else ends the stream. */
async function syncOne(
  parts: UsersParts,
  request: SyncRequest,
  author: Author,
  context: CallContext,
): Promise<SyncResponse> {
  const named = request.action.oneofKind === 'upsert' ? request.action.upsert.id : '';
  const id = request.action.oneofKind === 'deleteId' ? request.action.deleteId : named;
  try {
    const done = await parts.database.transaction(context.signal, (connection) =>
      perform(parts, connection, request, author),
    );
    parts.onCommitted();
    return SyncResponse.create(done);
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    parts.noteRefusal(context, error);
    return failed(id, error);
  }
}

function failed(id: string, error: RpcError): SyncResponse {
  return SyncResponse.create({ id, status: SyncStatus.FAILED, error: error.toStatus() });
}

async function perform(
  parts: UsersParts,
  connection: Connection,
  { action }: SyncRequest,
  author: Author,
): Promise<{ id: string; status: SyncStatus }> {
  switch (action.oneofKind) {
    case 'upsert':
      return upsert(parts, connection, action.upsert, author);
    case 'deleteId': {
      const id = readUserId(action.deleteId, 'delete_id');
      await softDelete(connection, { id, field: 'delete_id', baseRevision: 0, isSelfConfirmed: false }, author);
      return { id, status: SyncStatus.DELETED };
    }
    default:
      throw invalidArgument([{ field: 'action', description: 'Name an upsert or a delete_id.', reason: 'REQUIRED' }]);
  }
}

async function upsert(parts: UsersParts, connection: Connection, patch: User, author: Author) {
  const prefix = 'upsert.';
  refuseFeed(patch, `${prefix}feed`);
  const id = readOptionalUuid(patch.id, `${prefix}id`);
  if (id === undefined || !(await readUser(connection, id))) {
    const user = newUser(patch, id ?? parts.newId(), author.at, prefix);
    await authorizeCreation(connection, author.caller, user, prefix);
    const created = await tryInsertUser(connection, user, author);
    if (created === 'email') throw emailTaken(`${prefix}email`);
    if (created !== 'id') return { id: user.id, status: SyncStatus.CREATED };
    // Somebody has created the id since it was looked for: it is a known one now.
  }
  if (id === undefined) throw idTaken(`${prefix}id`);
  const edit = {
    id,
    patch,
    paths: readUpdateMask(undefined, patch),
    baseRevision: 0,
    prefix,
    isSelfConfirmed: false,
  };
  await applyEdit(connection, edit, author);
  return { id, status: SyncStatus.UPDATED };
}
