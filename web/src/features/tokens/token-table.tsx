import type { Token } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { TokenServiceClient } from '@roster/proto/gen/roster/tokens/v1/token_service.client';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useNow } from '../../lib/clock.ts';
import { formatDate, formatExactTime } from '../../lib/format-time.ts';
import { inSentence } from '../../lib/in-sentence.ts';
import { timeOf } from '../../lib/time-of.ts';
import { useOpener } from '../../lib/use-opener.ts';
import { roleLabel } from '../../lib/user-words.ts';
import { answerOf } from '../../rpc/answer-of.ts';
import { useClients } from '../../rpc/clients.tsx';
import { problemWords } from '../../session/problem-words.ts';
import { useTask } from '../../session/use-task.ts';
import { Ask } from '../../ui/ask.tsx';
import { Button } from '../../ui/button.tsx';
import { Badge } from '../../ui/chip.tsx';
import { Notice } from '../../ui/notice.tsx';
import { RelativeTime } from '../../ui/relative-time.tsx';
import { useToasts } from '../../ui/toast-region.tsx';
import styles from './token-table.module.css';
import { scopeLabel, stateOf, type TokenState } from './token-words.ts';
import { tokensKey } from './tokens-queries.ts';

/** Tokens, one a row; on a narrow screen one a block. */
export function TokenTable({ tokens }: { readonly tokens: readonly Token[] }) {
  const now = useNow(30_000);
  const [revokingId, setRevokingId] = useState<string>();
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Whose</th>
          <th scope="col">Role</th>
          <th scope="col">May</th>
          <th scope="col">Last used</th>
          <th scope="col">Expires</th>
          <th scope="col">
            <span className="visually-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {tokens.map((token) => (
          <Row
            key={token.id}
            token={token}
            state={stateOf(token, now)}
            now={now}
            isRevoking={revokingId === token.id}
            onRevoking={(isRevoking) => setRevokingId(isRevoking ? token.id : undefined)}
          />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly token: Token;
  readonly state: TokenState;
  readonly now: number;
  readonly isRevoking: boolean;
  readonly onRevoking: (isRevoking: boolean) => void;
}

function Row({ token, state, now, isRevoking, onRevoking }: RowProps) {
  const opener = useOpener(isRevoking);
  return (
    <>
      <tr data-ended={state !== 'good' || undefined} data-asks={isRevoking || undefined}>
        <th scope="row">
          <bdi className={styles.name} data-tip={token.name} data-tip-cut="">
            {token.name}
          </bdi>
          <span className={styles.id}>ua_{token.id}_…</span>
        </th>
        <td data-label="Whose">
          {token.ownerName === '' ? (
            <span className={styles.quiet} data-tip="Made on the machine that runs Roster">
              Nobody’s
            </span>
          ) : (
            <bdi className={styles.owner}>{token.ownerName}</bdi>
          )}
        </td>
        <td data-label="Role">{roleLabel(token.role)}</td>
        <td data-label="May" className={styles.scopes}>
          {token.scopes.map(scopeLabel).join(', ')}
        </td>
        <td data-label="Last used" data-tip={token.lastUsedAddress || undefined}>
          <RelativeTime at={timeOf(token.lastUsedAt)} />
        </td>
        <td data-label="Expires">
          <End token={token} state={state} now={now} />
        </td>
        <td className={styles.actions}>
          {state === 'good' && !isRevoking && (
            <Button
              ref={opener}
              size="small"
              variant="quiet"
              aria-label={`Revoke ${token.name}`}
              onClick={() => onRevoking(true)}
            >
              Revoke
            </Button>
          )}
        </td>
      </tr>
      {isRevoking && (
        <tr className={styles.asking}>
          <td colSpan={7}>
            <Revoke token={token} onClose={() => onRevoking(false)} />
          </td>
        </tr>
      )}
    </>
  );
}

function End({ token, state, now }: { readonly token: Token; readonly state: TokenState; readonly now: number }) {
  if (state === 'revoked') {
    return (
      <Badge tone="bad">
        <span>
          Revoked <RelativeTime at={timeOf(token.revokedAt)} />
        </span>
      </Badge>
    );
  }
  const at = timeOf(token.expiresAt) ?? 0;
  const date = (
    <time dateTime={new Date(at).toISOString()} data-tip={formatExactTime(at)}>
      {formatDate(at, now)}
    </time>
  );
  if (state === 'expired')
    return (
      <Badge tone="plain">
        <span>Expired {date}</span>
      </Badge>
    );
  const isSoon = at - now < 7 * 24 * 60 * 60_000;
  return isSoon ? (
    <Badge tone="warn">
      <span>Soon, {date}</span>
    </Badge>
  ) : (
    date
  );
}

function Revoke({ token, onClose }: { readonly token: Token; readonly onClose: () => void }) {
  const clients = useClients();
  const cache = useQueryClient();
  const toasts = useToasts();
  const task = useTask(async () => {
    await answerOf(clients.of(TokenServiceClient).revokeToken({ id: token.id }));
    toasts.confirm(`“${inSentence(token.name)}” is revoked`);
    await cache.invalidateQueries({ queryKey: tokensKey });
    onClose();
  });
  const problem = problemWords(task.error);
  return (
    <div className={styles.ask}>
      {problem && <Notice tone="bad">{problem}</Notice>}
      <Ask
        question={`Revoke “${inSentence(token.name)}”?`}
        action="Revoke the token"
        isBusy={task.isRunning}
        onAct={() => void task.start()}
        onKeep={onClose}
      >
        Programs that use it are refused from then on. This cannot be taken back.
      </Ask>
    </div>
  );
}
