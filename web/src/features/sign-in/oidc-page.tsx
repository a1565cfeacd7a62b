import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';
import { useEffect, useEffectEvent, useRef, useState } from 'react';
import { Link } from 'wouter';
import { answerOf } from '../../rpc/answer-of.ts';
import { useClients } from '../../rpc/clients.tsx';
import { useArrival } from '../../session/arrival-context.tsx';
import { problemWords } from '../../session/problem-words.ts';
import { readProviderPath, readReturnPath } from '../../session/return-path.ts';
import { useSession, useSessionState } from '../../session/session-context.tsx';
import { Notice } from '../../ui/notice.tsx';
import styles from './sign-in-form.module.css';
import { VisitorCard } from './visitor-card.tsx';

/** Where the OpenID provider sends the browser back to: hands on what it has brought. */
export function OidcPage({ onDone }: { readonly onDone: (path: string) => void }) {
  const clients = useClients();
  const session = useSession();
  const [arrival, forget] = useArrival();
  const [error, setError] = useState<unknown>();
  const isStarted = useRef(false);
  const [query] = useState(arrival?.kind === 'oidc' ? arrival.query : undefined);

  const finish = useEffectEvent(async (brought: string) => {
    try {
      const answer = await answerOf(clients.of(SessionServiceClient).finishOidcSignIn({ query: brought }));
      const place = readProviderPath(answer.returnPath);
      // Another person than the page knows of: the page is loaded anew.
      await session.signedIn(readReturnPath(place, undefined));
      const state = session.getSnapshot();
      onDone(readReturnPath(place, state.kind === 'signed-in' ? state.signedIn.user.id : undefined));
    } catch (thrown) {
      setError(thrown);
    }
  });
  useEffect(() => {
    if (query === undefined || isStarted.current) return;
    isStarted.current = true;
    // What was brought is good once.
    forget();
    void finish(query);
  }, [query, forget]);

  if (query === undefined) return <Failed words="There is nothing to sign in with at this address." />;
  if (error !== undefined) return <Failed words={problemWords(error) ?? 'It did not work.'} />;
  return <VisitorCard title="Signing you in" words={<p role="status">One moment.</p>} />;
}

function Failed({ words }: { readonly words: string }) {
  const isSignedIn = useSessionState().kind === 'signed-in';
  return (
    <VisitorCard title={isSignedIn ? 'This sign-in did not work' : 'You are not signed in'}>
      <Notice tone="bad">{words}</Notice>
      <p>
        <Link href={isSignedIn ? '/users' : '/sign-in'} className={styles.inline}>
          {isSignedIn ? 'Back to the users' : 'Back to signing in'}
        </Link>
      </p>
    </VisitorCard>
  );
}
