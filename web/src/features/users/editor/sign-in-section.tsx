import { type CreateLinkResponse, LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { type User, UserState } from '@roster/proto/gen/userservice/v1/user';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'wouter';
import { countOf } from '../../../lib/format-number.ts';
import { formatMoment } from '../../../lib/format-time.ts';
import { timeOf } from '../../../lib/time-of.ts';
import { useClients } from '../../../rpc/clients.tsx';
import { createSubmissionIds } from '../../../rpc/submission-ids.ts';
import { problemWords } from '../../../session/problem-words.ts';
import { useHeldWork, useSignedIn } from '../../../session/session-context.tsx';
import { useTask } from '../../../session/use-task.ts';
import { Ask } from '../../../ui/ask.tsx';
import { Button } from '../../../ui/button.tsx';
import { Badge } from '../../../ui/chip.tsx';
import { Notice } from '../../../ui/notice.tsx';
import { RelativeTime } from '../../../ui/relative-time.tsx';
import { SecretField } from '../../../ui/secret-field.tsx';
import { Skeleton } from '../../../ui/skeleton.tsx';
import { createLink, signInStateKey, useMadeLink, useSignInState } from '../api/sign-in-state.ts';
import { FormSection } from './form-section.tsx';
import styles from './sign-in-section.module.css';
import { type SignInWords, signInWords } from './sign-in-words.ts';
import { useUserRights } from './use-user-rights.ts';

export interface SignInSectionProps {
  readonly user: User;
  /** Their email or role has been edited and not saved. */
  readonly isUnsaved: boolean;
}

/** Whether a user can sign in, and the links by which they come in. */
export function SignInSection({ user, isUnsaved }: SignInSectionProps) {
  const { data: state, dataUpdatedAt, error } = useSignInState(user.id);
  useRereadAfter(user);
  const words = state ? signInWords(state) : undefined;
  const lastAt = timeOf(state?.lastSignedInAt);
  return (
    <FormSection title="Sign-in">
      {state === undefined && !error && <Skeleton width={140} />}
      {error && !state && <p className={styles.quiet}>It cannot be read now how this user signs in.</p>}
      {state && words && (
        <p className={styles.facts}>
          <Badge tone={words.tone}>{words.words}</Badge>
          {words.canSignIn && (
            <span>
              {lastAt === undefined ? (
                'Never signed in'
              ) : (
                <>
                  Last signed in <RelativeTime at={lastAt} />
                </>
              )}
            </span>
          )}
          {state.sessionCount > 0 && <span>{countOf(state.sessionCount, 'session', 'sessions')}</span>}
        </p>
      )}
      {words && (
        <Links
          user={user}
          isUnsaved={isUnsaved}
          words={words}
          isInvited={state?.isInvited === true}
          readAt={dataUpdatedAt}
        />
      )}
    </FormSection>
  );
}

/** A link is for the person as they were: an edit of them may have ended it. */
function useRereadAfter({ id, revision }: User): void {
  const cache = useQueryClient();
  const read = useRef(revision);
  useEffect(() => {
    if (read.current === revision) return;
    read.current = revision;
    void cache.invalidateQueries({ queryKey: signInStateKey(id) });
  }, [cache, id, revision]);
}

interface LinksProps extends SignInSectionProps {
  readonly words: SignInWords;
  readonly isInvited: boolean;
  /** When the server said so. */
  readonly readAt: number;
}

function Links({ user, isUnsaved, words, isInvited, readAt }: LinksProps) {
  const clients = useClients();
  const cache = useQueryClient();
  const { mayInvite } = useUserRights(user);
  const isSelf = useSignedIn().user.id === user.id;
  const [ids] = useState(() => createSubmissionIds());
  const made = useMadeLink(user.id);
  const [isAsking, setAsking] = useState(false);
  const creation = useTask(async () => {
    const link = await createLink(clients, user.id, ids.idFor(user.id));
    ids.settle();
    made.keep(link);
    setAsking(false);
    await cache.invalidateQueries({ queryKey: signInStateKey(user.id) });
  });
  const problem = problemWords(creation.error);

  if (isSelf) {
    return (
      <p className={styles.quiet}>
        This is you. Password, passkeys and sessions are in{' '}
        <Link href="/account" className={styles.link}>
          your account
        </Link>
        .
      </p>
    );
  }
  if (!mayInvite || user.deletedAt) return null;
  if (user.state === UserState.SUSPENDED) return <p className={styles.quiet}>Nobody signs in while suspended.</p>;
  // Once it was used there is nothing to hand over any more. What was read before it was made does not know of it, and is all there is where the next reading fails.
  if (made.link && (isInvited || readAt <= made.madeAt)) return <MadeLink link={made.link} />;
  if (isUnsaved) {
    // Else the question would come back by itself, and take the focus from whoever types.
    if (isAsking) setAsking(false);
    return <p className={styles.quiet}>Save first: a link is made for the email and the role that are saved.</p>;
  }
  if (isAsking) {
    return (
      <>
        {problem && <Notice tone="bad">{problem}</Notice>}
        <Ask
          question="Make a link to get back in?"
          action="Make the link"
          isBusy={creation.isRunning}
          onAct={() => void creation.start()}
          onKeep={() => setAsking(false)}
        >
          When it is used, the passkeys of before are removed, and all sessions end.
        </Ask>
      </>
    );
  }
  return (
    <>
      {problem && <Notice tone="bad">{problem}</Notice>}
      <Button
        size="small"
        className={styles.act}
        isBusy={creation.isRunning}
        onClick={() => (words.canSignIn ? setAsking(true) : void creation.start())}
      >
        {words.canSignIn ? 'New link…' : isInvited ? 'Invite again' : 'Invite'}
      </Button>
    </>
  );
}

/** A link that has just been made; it is shown this once. */
function MadeLink({ link }: { readonly link: CreateLinkResponse }) {
  useHeldWork(true);
  const until = formatMoment(timeOf(link.expiresAt) ?? 0);
  return (
    <>
      <SecretField
        label={link.purpose === LinkPurpose.INVITATION ? 'Invitation' : 'Link to get back in'}
        text={`${location.origin}${link.path}`}
        description={`Shown this once. It works once, until ${until}; links from before do not work any more.`}
      />
      {link.mailedTo === '' ? (
        <Notice>No mail was sent: hand it over yourself, by a way that nobody else reads.</Notice>
      ) : (
        <Notice tone="good">
          Mailed to <bdi>{link.mailedTo}</bdi>.
        </Notice>
      )}
    </>
  );
}
