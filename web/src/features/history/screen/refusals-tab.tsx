import type { Refusal } from '@roster/proto/gen/roster/history/v1/history_service';
import { epochMs } from '@roster/proto/order';
import { useInfiniteQuery } from '@tanstack/react-query';
import { formatCount } from '../../../lib/format-number.ts';
import { useClients } from '../../../rpc/clients.tsx';
import { refusalsQuery } from '../api/history-queries.ts';
import { ActorFacts } from '../entry/actor-facts.tsx';
import detailStyles from '../entry/entry-detail.module.css';
import { methodText, reasonText } from './access-words.ts';
import { NoEntries } from './change-states.tsx';
import { HeadEnd } from './history-head.tsx';
import { QueryLog } from './query-log.tsx';
import { RefreshButton } from './refresh-button.tsx';

/** What signed-in people and programs tried and were refused, folded by the minute. For admins. */
export function RefusalsTab() {
  const query = useInfiniteQuery(refusalsQuery(useClients()));
  return (
    <>
      <HeadEnd>
        <RefreshButton query={query} />
      </HeadEnd>
      <QueryLog
        label="Refused"
        query={query}
        need="Reading what was refused needs the role Admin."
        keyOf={keyOf}
        atOf={atOf}
        whoOf={(refusal) => refusal.actor?.name || 'Somebody'}
        wordsOf={wordsOf}
        detailOf={(refusal) => (
          <div className={detailStyles.detail}>
            <p className={detailStyles.note}>
              <code>{refusal.method}</code> · <code>{refusal.reason}</code>
            </p>
            <ActorFacts actor={refusal.actor} at={atOf(refusal)} requestId={refusal.requestId} />
          </div>
        )}
        empty={
          <NoEntries title="Nothing was refused">What people and programs try and may not do appears here.</NoEntries>
        }
      />
    </>
  );
}

function wordsOf({ method, reason, count }: Refusal): string {
  const times = count > 1 ? `, ${formatCount(count)} times within a minute` : '';
  return `was not allowed to ${methodText(method)}: ${reasonText(reason)}${times}`;
}

function keyOf({ minute, actor, method, reason }: Refusal): string {
  return `${minute?.seconds} ${actor?.id} ${method} ${reason}`;
}

function atOf({ minute }: Refusal): number {
  return epochMs(minute);
}
