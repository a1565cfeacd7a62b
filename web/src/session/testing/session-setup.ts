import { GetSessionResponse, SignInMethod } from '@roster/proto/gen/roster/sessions/v1/session_service';
import { User, UserRole } from '@roster/proto/gen/userservice/v1/user';
import { createFakePage } from '../../lib/testing/fake-page.ts';
import { createFakeScheduler } from '../../lib/testing/fake-scheduler.ts';
import type { AppError } from '../../rpc/app-error.ts';
import { draftsIn } from '../person-storage.ts';
import type { SessionChannel, SessionNews } from '../session-channel.ts';
import { type CalledBy, openSession } from '../session-store.ts';

export const signedOutError: AppError = { kind: 'signed-out', message: 'You are not signed in.' };
export const unreachable: AppError = { kind: 'unreachable', message: 'The server cannot be reached.' };

const minuteMs = 60_000;

/** A server that knows one session, by a clock that is an hour ahead of the page's. */
export function createFakeServer(now: () => number) {
  const clock = () => now() + 60 * minuteMs;
  let session = begin('ann');
  let failure: AppError | undefined;
  const calls: CalledBy[] = [];
  function begin(userId: string) {
    return {
      id: `session of ${userId}`,
      userId,
      role: UserRole.ADMIN,
      activeAt: clock(),
      endsAt: clock() + 720 * minuteMs,
    };
  }
  const isOver = () => clock() >= Math.min(session.endsAt, session.activeAt + 30 * minuteMs);
  return {
    calls,
    /** Every call fails so, until undefined is given. */
    fail(error: AppError | undefined) {
      failure = error;
    },
    /** Somebody does something that the page does not know of, for example in another tab. */
    act() {
      session.activeAt = clock();
    },
    signIn(userId: string) {
      session = begin(userId);
    },
    end() {
      session.endsAt = 0;
    },
    demote() {
      session.role = UserRole.VIEWER;
    },
    async read(by: CalledBy): Promise<GetSessionResponse> {
      calls.push(by);
      // As a real one, it answers later than it is asked, and tells what was so when it was asked.
      const [asked, error] = [{ ...session }, failure ?? (isOver() ? signedOutError : undefined)];
      if (by === 'person' && !error) asked.activeAt = session.activeAt = clock();
      await new Promise<void>((done) => setImmediate(done));
      if (error) throw error;
      return GetSessionResponse.create({
        session: {
          id: asked.id,
          method: SignInMethod.PASSWORD,
          lastActiveAt: timestamp(asked.activeAt),
          expiresAt: timestamp(asked.endsAt),
          idleExpiresAt: timestamp(asked.activeAt + 30 * minuteMs),
        },
        user: User.create({ id: asked.userId, name: asked.userId }),
        role: asked.role,
        now: timestamp(clock()),
        access: {
          methods: [],
          fields: [{ field: '*', targetRole: UserRole.VIEWER, leastRole: UserRole.EDITOR, needsFreshSignIn: false }],
        },
      });
    },
    async signOut(): Promise<void> {
      if (failure) throw failure;
      session.endsAt = 0;
    },
  };
}

function timestamp(ms: number) {
  return { seconds: String(Math.floor(ms / 1000)), nanos: (ms % 1000) * 1_000_000 };
}

/** The tabs of one browser: what one tells, all others hear. */
export function createFakeChannels(): () => SessionChannel {
  const tabs = new Set<(news: SessionNews) => void>();
  return () => {
    let own: ((news: SessionNews) => void) | undefined;
    return {
      tell(news) {
        for (const tab of [...tabs]) if (tab !== own) tab(news);
      },
      subscribe(listener) {
        own = listener;
        tabs.add(listener);
        return () => tabs.delete(listener);
      },
    };
  };
}

/** The storage of one tab. */
export function createFakeStorage(): Storage {
  const items = new Map<string, string>();
  return {
    get length() {
      return items.size;
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  };
}

/** A browser with one server behind it, and as many tabs as are opened. */
export function createBrowser() {
  const scheduler = createFakeScheduler();
  const server = createFakeServer(scheduler.now);
  const openChannel = createFakeChannels();
  return {
    scheduler,
    server,
    openTab() {
      const page = createFakePage();
      /** Where the page was loaded anew; undefined stands for its own address. */
      const loads: (string | undefined)[] = [];
      const storage = createFakeStorage();
      const session = openSession({
        read: server.read,
        signOut: server.signOut,
        scheduler,
        page,
        channel: openChannel(),
        drafts: draftsIn(() => storage),
        random: () => 0.5,
        reload: (path) => loads.push(path),
      });
      return { session, page, loads, storage };
    },
  };
}
