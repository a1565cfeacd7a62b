import type { Token } from '@roster/proto/gen/roster/tokens/v1/token_service';
import { formatMoment } from '../../lib/format-time.ts';
import { timeOf } from '../../lib/time-of.ts';
import { roleLabel } from '../../lib/user-words.ts';
import { useHeldWork } from '../../session/session-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Notice } from '../../ui/notice.tsx';
import { SecretField } from '../../ui/secret-field.tsx';
import { Sheet } from '../../ui/sheet.tsx';
import styles from './new-token-sheet.module.css';
import { scopeLabel } from './token-words.ts';

/** A token that has just been made. Whoever loses it makes another one. */
export function TokenSecret(props: { readonly token: Token; readonly secret: string; readonly onClose: () => void }) {
  const { token, secret, onClose } = props;
  useHeldWork(true);
  return (
    <Sheet title="Your new token" isFirm onClose={onClose} actions={<Button onClick={onClose}>Done</Button>}>
      <div className={styles.form}>
        <Notice tone="warn">Copy it now: it is shown this once, and Roster keeps only its hash.</Notice>
        <SecretField label="Token" text={secret} />
        <dl className={styles.facts}>
          <dt>Name</dt>
          <dd>
            <bdi>{token.name}</bdi>
          </dd>
          <dt>Role</dt>
          <dd>{roleLabel(token.role)}</dd>
          <dt>May</dt>
          <dd>{token.scopes.map(scopeLabel).join(', ')}</dd>
          <dt>Expires</dt>
          <dd>{formatMoment(timeOf(token.expiresAt) ?? 0)}</dd>
        </dl>
      </div>
    </Sheet>
  );
}
