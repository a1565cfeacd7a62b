import type { IUserServiceClient } from '@roster/proto/gen/userservice/v1/user_service.client';
import type { Scheduler } from '../../../lib/scheduler.ts';
import { isCancel } from '../../../rpc/rpc-failure.ts';
import type { LaidPage, ListRows } from './list-rows.ts';
import type { LoadPlan } from './plan-load.ts';
import { readPage, type UserPage } from './read-page.ts';
import type { UserListQuery } from './user-list.ts';

/** How long a page that could not be read, or did not bring what was wanted, is left alone. The feed says on screen what is wrong. */
const failurePauseMs = 2000;

export interface PageLoaderParts {
  readonly client: IUserServiceClient;
  readonly query: UserListQuery;
  readonly pageSize: number;
  readonly scheduler: Scheduler;
  readonly rows: ListRows;
  /** The page that is wanted most; undefined when none is. Asked again after each page. */
  nextPlan(): LoadPlan | undefined;
  onPage(page: UserPage, plan: LoadPlan, laid: LaidPage | undefined, roundTripMs: number): void;
}

/** Reads the pages that a list wants, one at a time. */
export interface PageLoader {
  /** Something may be wanted now. */
  poke(): void;
  /** Forgets the page that is being read: the rows that it would be laid into are gone. */
  restart(): void;
  stop(): void;
}

export function createPageLoader(parts: PageLoaderParts): PageLoader {
  const { client, query, pageSize, scheduler, rows, nextPlan, onPage } = parts;
  let running: AbortController | undefined;
  let endPause: (() => void) | undefined;
  let isStopped = false;
  /** The newest plan. One that is wanted again right after its page has come would be read in circles. */
  let lastKey: string | undefined;

  function poke(): void {
    if (running || endPause || isStopped) return;
    const plan = nextPlan();
    if (!plan) return;
    const key = JSON.stringify(plan);
    const isRepeated = key === lastKey;
    lastKey = isRepeated ? undefined : key;
    if (isRepeated) pause();
    else void load(plan);
  }

  async function load(plan: LoadPlan): Promise<void> {
    const abort = new AbortController();
    running = abort;
    rows.beginPage();
    const startedAt = scheduler.now();
    try {
      const place = plan.kind === 'after' ? { after: plan.token } : { skip: plan.skip };
      const page = await readPage(client, query, place, pageSize, abort.signal);
      if (abort.signal.aborted) return;
      onPage(page, plan, rows.addPage(plan, page), scheduler.now() - startedAt);
    } catch (thrown) {
      lastKey = undefined;
      if (!isCancel(thrown)) pause();
    } finally {
      if (running === abort) finish();
    }
  }

  function finish(): void {
    rows.endPage();
    running = undefined;
    poke();
  }

  function pause(): void {
    endPause?.();
    endPause = scheduler.after(failurePauseMs, () => {
      endPause = undefined;
      poke();
    });
  }

  return {
    poke,
    restart() {
      lastKey = undefined;
      running?.abort();
      endPause?.();
      endPause = undefined;
      if (running) finish();
      else poke();
    },
    stop() {
      isStopped = true;
      running?.abort();
      endPause?.();
    },
  };
}
