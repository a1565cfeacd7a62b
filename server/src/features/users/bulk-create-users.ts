import type { User } from '@roster/proto/gen/userservice/v1/user';
import {
  BulkCreateFailure,
  BulkCreateResponse,
  type CreateUserRequest,
} from '@roster/proto/gen/userservice/v1/user_service';
import { requireUnchangedRights } from '../../identity/caller-rights.ts';
import type { CallContext, ClientStreamHandler, StreamedRequest } from '../../rpc/context.ts';
import { RpcError } from '../../rpc/rpc-error.ts';
import { requireRight } from '../../rules/authorize-change.ts';
import { readOptionalUuid } from '../../store/ids.ts';
import { emailTaken, idTaken, newUser } from '../../store/new-user.ts';
import { findTakenIds } from '../../store/purged-users.ts';
import { type Author, drawRevisions, insertUsers } from '../../store/user-store.ts';
import type { UsersParts } from './users-parts.ts';

/** Rows a statement; each batch commits by itself, so that a long load neither locks nor holds the feed back. */
const batchRows = 1000;
/** Of one statement, so that a load of the largest rows allowed costs no more memory than others. */
const batchCharacters = 4 * 1024 * 1024;

/** How many failures are told with their reasons; an answer must stay below what clients receive. */
const toldFailures = 1000;

interface Row {
  readonly index: number;
  /** How the failed row is called in the answer. */
  readonly name: string;
  readonly requestId: string;
}

interface GoodRow extends Row {
  readonly user: User;
}

interface BadRow extends Row {
  readonly error: RpcError;
}

export function bulkCreateUsers(parts: UsersParts): ClientStreamHandler<CreateUserRequest, BulkCreateResponse> {
  return async (requests, context) => {
    const failures: BadRow[] = [];
    let createdCount = 0;
    let batch: GoodRow[] = [];
    let characters = 0;
    let index = -1;

    const commit = async () => {
      const author = {
        caller: context.caller,
        requestId: context.requestId,
        address: context.address,
        at: parts.clock(),
      };
      const refused = await commitBatch(parts, batch, author, context.signal);
      createdCount += batch.length - refused.length;
      failures.push(...refused);
      batch = [];
      characters = 0;
    };
    for await (const request of requests) {
      index += 1;
      const row = readRow(parts, request, index, context);
      if ('error' in row) failures.push(row);
      else {
        batch.push(row);
        characters += metadataCharacters(row.user);
      }
      if (batch.length === batchRows || characters > batchCharacters) await commit();
    }
    if (batch.length > 0) await commit();

    failures.sort((a, b) => a.index - b.index);
    return BulkCreateResponse.create({
      createdCount,
      failedIds: failures.map(({ name }) => name),
      failures: failures
        .slice(0, toldFailures)
        .map(({ index, requestId, error }) => BulkCreateFailure.create({ index, requestId, status: error.toStatus() })),
    });
  };
}

function readRow(
  parts: UsersParts,
  request: StreamedRequest<CreateUserRequest>,
  index: number,
  context: CallContext,
): GoodRow | BadRow {
  if (request instanceof RpcError) return { index, name: `#${index}`, requestId: '', error: request };
  const row = { index, name: request.id || request.requestId || `#${index}`, requestId: request.requestId };
  try {
    readOptionalUuid(request.requestId, 'request_id');
    const id = readOptionalUuid(request.id, 'id') ?? parts.newId();
    const user = newUser(request, id, parts.clock());
    requireRight(context.caller, { before: undefined, after: user, fields: [] }, '');
    return { ...row, user };
  } catch (error) {
    if (!(error instanceof RpcError)) throw error;
    parts.noteRefusal(context, error);
    return { ...row, error };
  }
}

async function commitBatch(parts: UsersParts, batch: readonly GoodRow[], author: Author, signal: AbortSignal) {
  const refused = await parts.database.transaction(signal, async (connection) => {
    await requireUnchangedRights(connection, author.caller);
    const revisions = await drawRevisions(connection, batch.length);
    const users = batch.map((row, at) => ({ ...row.user, revision: revisions[at] ?? 0 }));
    const inserted = await insertUsers(connection, users, author);
    const left = batch.filter((_, at) => !inserted.has(revisions[at] ?? 0));
    if (left.length === 0) return [];
    const taken = await findTakenIds(
      connection,
      left.map((row) => row.user.id),
    );
    return left.map((row) => ({ ...row, error: taken.has(row.user.id) ? idTaken('id') : emailTaken('email') }));
  });
  parts.onCommitted();
  return refused;
}

/** Metadata alone can be large. */
function metadataCharacters({ metadata }: User): number {
  return Object.entries(metadata).reduce((sum, [key, value]) => sum + key.length + value.length, 0);
}
