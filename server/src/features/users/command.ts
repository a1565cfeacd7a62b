import type { IMessageType } from '@protobuf-ts/runtime';
import type { Connection } from '../../database/database.ts';
import type { UnaryHandler } from '../../rpc/context.ts';
import { answerOnce } from '../../store/request-answers.ts';
import type { Author } from '../../store/user-store.ts';
import type { UsersParts } from './users-parts.ts';

/** The part of a command that runs inside its transaction. */
export type Work<O> = (connection: Connection, author: Author) => Promise<O>;

/**
 * Makes the handler of a call that changes users: it is checked first, then runs in one transaction, once for each `request_id`, and the feed is told.
 *
 * `prepare` throws what is wrong with the request before anything is touched.
 */
export function command<I extends { requestId: string }, O extends object>(
  parts: UsersParts,
  responseType: IMessageType<O>,
  prepare: (request: I) => Work<O>,
): UnaryHandler<I, O> {
  return async (request, context) => {
    const work = prepare(request);
    const author = {
      caller: context.caller,
      requestId: context.requestId,
      address: context.address,
      at: parts.clock(),
    };
    const response = await parts.database.transaction(context.signal, (connection) =>
      answerOnce(connection, context, { request, responseType }, () => work(connection, author)),
    );
    parts.onCommitted();
    return response;
  };
}
