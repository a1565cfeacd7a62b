import {
  UserFeed_SnapshotReason as SnapshotReason,
  type User,
  type UserFeed,
  type UserFeed_Total,
  User as UserMessage,
} from '@roster/proto/gen/userservice/v1/user';
import type { ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { limits } from '@roster/proto/limits';
import type { Connection, Database } from '../../database/database.ts';
import type { CallContext, Encoded, ServerStreamHandler } from '../../rpc/context.ts';
import type { LivePart } from '../../rpc/live-part.ts';
import { encodeChanges, encodeFeed } from '../../watch/encode-feed.ts';
import type { Follow } from '../../watch/follow-feed.ts';
import type { TokenSealer } from '../../watch/sealed-token.ts';
import type { PositionedTotal, WatchHub } from '../../watch/watch-hub.ts';
import type { Jumps } from './jumps.ts';
import { type ListQuery, readListQuery } from './list-query.ts';
import { openPageToken, type Place, placeOf, sealPageToken } from './page-token.ts';
import { readPending } from './rank-store.ts';
import { type Page, readGuessedPage, readPage, readPageAtOnce } from './user-pages.ts';

export interface ListParts {
  readonly database: Database;
  readonly hub: WatchHub;
  readonly jumps: Jumps;
  readonly sealer: TokenSealer;
  readonly heartbeatMs: number;
}

/** How long a page waits for the exact total of its list; after that an envelope says what is known, and a bare list leaves its trailer out. */
const totalWaitMs = { envelope: 100, bare: 1000 };
/** Changes that are folded into a total for one page. */
const pendingMax = 1000;

export function listUsers(parts: ListParts): ServerStreamHandler<ListUsersRequest, User> {
  return async function* (request, context) {
    const query = readListQuery(request);
    const after = openPageToken(parts.sealer, query, request.pageToken);
    if (request.watch) return yield* watchList(parts, query, after, request.resumeToken, context);
    if (request.envelope)
      yield* sendSnapshot(
        parts,
        query,
        await takeSnapshot(parts, query, after, context, totalWaitMs.envelope),
        SnapshotReason.FIRST,
      );
    else yield* sendBareUsers(parts, query, after, context);
    return undefined;
  };
}

interface Snapshot extends Page {
  /** The history of the store that the page's position belongs to. */
  readonly epoch: string;
  readonly total: UserFeed_Total;
  readonly nextPageToken: string;
}

async function takeSnapshot(
  parts: ListParts,
  query: ListQuery,
  after: Place | undefined,
  context: CallContext,
  waitMs: number,
): Promise<Snapshot> {
  const { epoch } = parts.hub;
  // The count starts first: it may be waited for.
  const counting = parts.hub.total(query.scope, waitMs, context.signal);
  const page = await readSomePage(parts, query, after, context.signal);
  const atLeast = page.users.length > 0 ? query.skip + page.users.length + Number(page.hasMore) : 0;
  const total = (await counting)?.total ?? { size: atLeast, isMinimum: true, facets: [] };
  return { ...page, epoch, total, nextPageToken: nextPageTokenOf(parts, query, page) };
}

function nextPageTokenOf({ sealer }: ListParts, query: ListQuery, { users, hasMore }: Page): string {
  const last = users.at(-1);
  return hasMore && last ? sealPageToken(sealer, query, placeOf(UserMessage.fromBinary(last), query.order)) : '';
}

async function readSomePage(
  parts: ListParts,
  query: ListQuery,
  after: Place | undefined,
  signal: AbortSignal,
): Promise<Page> {
  const page = await readByOneStatement(parts, query, after, signal);
  return page ?? parts.database.snapshot(signal, (connection) => readPageInSnapshot(parts, connection, query, after));
}

/** Undefined where one statement cannot tell all. */
async function readByOneStatement(
  { database, jumps }: ListParts,
  query: ListQuery,
  after: Place | undefined,
  signal: AbortSignal,
): Promise<Page | undefined> {
  if (query.skip === 0) return database.run(signal, (connection) => readPageAtOnce(connection, query, after));
  const guess = after ? undefined : jumps.guess(query);
  return guess && database.run(signal, (connection) => readGuessedPage(connection, query, guess));
}

async function readPageInSnapshot(
  { jumps }: ListParts,
  connection: Connection,
  query: ListQuery,
  after: Place | undefined,
): Promise<Page> {
  const spot = query.skip > 0 && !after ? await jumps.spotOf(connection, query) : undefined;
  return readPage(connection, query, after, spot);
}

async function* sendBareUsers(
  parts: ListParts,
  query: ListQuery,
  after: Place | undefined,
  context: CallContext,
): AsyncIterable<Encoded> {
  const known = await parts.hub.total(query.scope, totalWaitMs.bare, context.signal);
  const { page, size } = await parts.database.snapshot(context.signal, async (connection) => ({
    page: await readPageInSnapshot(parts, connection, query, after),
    size: known && (await sizeInSnapshot(connection, query, known)),
  }));
  context.setTrailer('x-next-page-token', nextPageTokenOf(parts, query, page));
  if (size !== undefined) context.setTrailer('x-total-size', String(size));
  yield* page.users;
}

/** The live total belongs to a position of the feed; what the page's snapshot shows beyond that is added. Undefined where that is too much to read. */
async function sizeInSnapshot(
  connection: Connection,
  { scope }: ListQuery,
  { total, seq }: PositionedTotal,
): Promise<number | undefined> {
  const pending = await readPending(connection, seq, pendingMax);
  if (!pending || (pending.hasPurge && scope.showsDeleted)) return undefined;
  const effects = [...pending.placed, ...pending.unplaced].map(
    ({ before, after }) => Number(scope.matches(after)) - Number(before !== undefined && scope.matches(before)),
  );
  return effects.reduce((sum, effect) => sum + effect, total.size);
}

function* sendSnapshot(
  parts: ListParts,
  query: ListQuery,
  snapshot: Snapshot,
  reason: SnapshotReason,
): Iterable<Encoded> {
  const { epoch, position, total, nextPageToken } = snapshot;
  yield encodeFeed({ oneofKind: 'begin', begin: { total, reason, heartbeatInterval: durationOf(parts.heartbeatMs) } });
  for (const chunk of chunksOf(snapshot.users)) yield encodeChanges(chunk, []);
  const resumeToken = parts.hub.sealPosition({ epoch, seq: position, query: query.hash });
  yield encodeFeed({ oneofKind: 'end', end: { nextPageToken, resumeToken } });
}

async function* watchList(
  parts: ListParts,
  query: ListQuery,
  after: Place | undefined,
  resumeToken: string,
  context: CallContext,
): AsyncGenerator<Encoded, LivePart> {
  const start = yield* beginWatch(parts, query, after, resumeToken, context);
  return parts.hub.follow({ scope: query.scope, query: query.hash, signal: context.signal, ...start });
}

/** Sends what a watch begins with, and returns where it goes on. By itself, so that an open watch does not keep its first page in memory. */
async function* beginWatch(
  parts: ListParts,
  query: ListQuery,
  after: Place | undefined,
  resumeToken: string,
  context: CallContext,
): AsyncGenerator<Encoded, Pick<Follow, 'from' | 'epoch'>> {
  const resume = await parts.hub.resume(resumeToken, query.hash);
  if (resume.ok) {
    yield encodeFeed(await resumed(parts, query, context));
    return { from: resume.seq, epoch: resume.epoch };
  }
  const snapshot = await takeSnapshot(parts, query, after, context, totalWaitMs.envelope);
  yield* sendSnapshot(parts, query, snapshot, resume.reason);
  return { from: snapshot.position, epoch: snapshot.epoch };
}

async function resumed(parts: ListParts, query: ListQuery, context: CallContext): Promise<UserFeed['event']> {
  const known = await parts.hub.total(query.scope, 0, context.signal);
  const heartbeatInterval = durationOf(parts.heartbeatMs);
  return { oneofKind: 'resumed', resumed: { heartbeatInterval, ...(known && { total: known.total }) } };
}

function durationOf(ms: number): { seconds: string; nanos: number } {
  return { seconds: String(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}

/** Splits encoded users into messages below the limit. */
function* chunksOf(users: readonly Uint8Array[]): Iterable<readonly Uint8Array[]> {
  // Two tags and lengths around the whole, one of each around every user.
  const overhead = 8;
  let chunk: Uint8Array[] = [];
  let bytes = 4 * overhead;
  for (const user of users) {
    if (chunk.length > 0 && bytes + user.length + overhead > limits.feedMessageBytes) {
      yield chunk;
      chunk = [];
      bytes = 4 * overhead;
    }
    chunk.push(user);
    bytes += user.length + overhead;
  }
  if (chunk.length > 0) yield chunk;
}
