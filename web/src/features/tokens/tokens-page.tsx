import { type ReactNode, useState } from 'react';
import { useTitle } from '../../lib/use-title.ts';
import { ReadCache } from '../../rpc/read-cache.tsx';
import { useSignedIn } from '../../session/session-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { PlusIcon } from '../../ui/icons.tsx';
import { Page } from '../../ui/page.tsx';
import { KeyIcon } from '../../ui/sign-in-icons.tsx';
import { Skeleton } from '../../ui/skeleton.tsx';
import { EmptyState, ErrorState } from '../../ui/state-message.tsx';
import { NewTokenSheet } from './new-token-sheet.tsx';
import { TokenTable } from './token-table.tsx';
import styles from './tokens-page.module.css';
import { useTokens } from './tokens-queries.ts';

const createToken = '/roster.tokens.v1.TokenService/CreateToken';

/** What programs sign in with. */
export function TokensPage({ navigationButton }: { readonly navigationButton: ReactNode }) {
  useTitle('API tokens');
  const { access } = useSignedIn();
  const [isOpen, setOpen] = useState(false);
  const mayCreate = access.may(createToken);
  return (
    <ReadCache>
      <Page
        title="API tokens"
        navigationButton={navigationButton}
        actions={
          mayCreate && (
            <Button variant="primary" size="small" icon={<PlusIcon />} onClick={() => setOpen(true)}>
              New token
            </Button>
          )
        }
      >
        {mayCreate ? (
          <Tokens onCreate={() => setOpen(true)} />
        ) : (
          <EmptyState icon={<KeyIcon />} title="No tokens for your role">
            Programs of viewers do not exist: tokens are made by editors and admins.
          </EmptyState>
        )}
        {isOpen && <NewTokenSheet onClose={() => setOpen(false)} />}
      </Page>
    </ReadCache>
  );
}

function Tokens({ onCreate }: { readonly onCreate: () => void }) {
  const [showEnded, setShowEnded] = useState(false);
  const { data: tokens, error, isFetching, refetch } = useTokens(showEnded);
  if (!tokens && error) {
    return (
      <ErrorState
        icon={<KeyIcon />}
        title="The tokens could not be read"
        requestId={error.requestId}
        actions={
          <Button isBusy={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        }
      >
        {error.message}
      </ErrorState>
    );
  }
  return (
    <div className={styles.body}>
      <div className={styles.head}>
        <p className={styles.words}>
          A program sends one as <code>authorization: Bearer ua_…</code>. It may do what its role and its scopes allow,
          and never more than whose it is.
        </p>
        <Checkbox label="Show ended ones" isChecked={showEnded} onChange={setShowEnded} />
      </div>
      {!tokens && <Loading />}
      {tokens?.length === 0 && (
        <EmptyState
          icon={<KeyIcon />}
          title="No tokens yet"
          actions={
            <Button icon={<PlusIcon />} onClick={onCreate}>
              Make the first one
            </Button>
          }
        >
          Scripts and other programs call Roster with a token of their own.
        </EmptyState>
      )}
      {tokens && tokens.length > 0 && <TokenTable tokens={tokens} />}
    </div>
  );
}

function Loading() {
  return (
    <div role="status" aria-label="Loading the tokens" className={styles.loading}>
      {['60%', '72%', '48%'].map((width) => (
        <Skeleton key={width} width={width} />
      ))}
    </div>
  );
}
