import type { AccessEvent } from '@roster/proto/gen/roster/history/v1/history_service';
import { epochMs } from '@roster/proto/order';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { Link, useLocation, useSearch } from 'wouter';
import { useClients } from '../../../rpc/clients.tsx';
import { accessEventsQuery } from '../api/history-queries.ts';
import { ActorFacts } from '../entry/actor-facts.tsx';
import detailStyles from '../entry/entry-detail.module.css';
import { Sentence } from '../entry/sentence.tsx';
import { accessWords } from './access-words.ts';
import filterStyles from './change-filters.module.css';
import { NoEntries } from './change-states.tsx';
import { HeadEnd } from './history-head.tsx';
import { PersonChip } from './person-chip.tsx';
import { QueryLog } from './query-log.tsx';
import { RefreshButton } from './refresh-button.tsx';

/** What has happened around sign-in: sessions, links, tokens, passwords. For admins. */
export function AccessTab() {
  const person = new URLSearchParams(useSearch()).get('person') || undefined;
  const [path, navigate] = useLocation();
  const query = useInfiniteQuery(accessEventsQuery(useClients(), person ?? ''));
  const events = query.data;
  const known = useMemo(
    () => [...new Map(events?.map(({ userId, userName }) => [userId, userName])).entries()].flatMap(toKnown),
    [events],
  );
  return (
    <>
      <HeadEnd>
        <RefreshButton query={query} />
      </HeadEnd>
      <div className={filterStyles.bar}>
        <PersonChip
          title="Person"
          id={person}
          known={known}
          onChange={(id) => navigate(id === undefined ? path : `${path}?${new URLSearchParams({ person: id })}`)}
        />
      </div>
      <QueryLog
        label="Sign-ins"
        query={query}
        need="Reading the sign-ins needs the role Admin."
        keyOf={keyOf}
        atOf={atOf}
        whoOf={(event) => event.actor?.name || 'Somebody'}
        wordsOf={(event) => <Sentence parts={accessWords(event)} />}
        detailOf={(event) => <Detail event={event} />}
        empty={
          <NoEntries title={person ? 'Nothing about this person' : 'Nobody has signed in yet'}>
            Sign-ins, links, tokens and passwords appear here, with who and from where.
          </NoEntries>
        }
      />
    </>
  );
}

function toKnown([id, name]: [string, string]) {
  return id === '' || name === '' ? [] : [{ id, name }];
}

function Detail({ event }: { readonly event: AccessEvent }) {
  return (
    <div className={detailStyles.detail}>
      {event.detail && (
        <p dir="auto" className={detailStyles.detailWords}>
          {event.detail}
        </p>
      )}
      <ActorFacts actor={event.actor} at={atOf(event)} device={event.device} />
      {event.userName && (
        <div className={detailStyles.actions}>
          <Link href={`/users/${encodeURIComponent(event.userId)}`} className={detailStyles.link}>
            Open <bdi>{event.userName}</bdi>
          </Link>
        </div>
      )}
    </div>
  );
}

function keyOf({ id }: AccessEvent): string {
  return id;
}

function atOf({ at }: AccessEvent): number {
  return epochMs(at);
}
