import type { Actor } from '@roster/proto/gen/roster/history/v1/history_service';
import { formatExactTime } from '../../../lib/format-time.ts';
import { CopyChip } from '../../../ui/copy-chip.tsx';
import styles from './actor-facts.module.css';

export interface ActorFactsProps {
  readonly actor: Actor | undefined;
  /** Epoch milliseconds. */
  readonly at: number;
  /** What the browser calls itself. */
  readonly device?: string;
  readonly requestId?: string;
  readonly revision?: number;
}

/** Who did it and from where, as the history keeps it: the session or token, the address, the moment. */
export function ActorFacts({ actor, at, device, requestId, revision }: ActorFactsProps) {
  return (
    <dl aria-label="Who and from where" className={styles.facts}>
      <Fact name="By">
        <bdi>{actor?.name || 'Nobody known'}</bdi>
      </Fact>
      {actor?.sessionId && (
        <Fact name="Session">
          <CopyChip text={actor.sessionId} label="session" shown={`…${actor.sessionId.slice(-8)}`} />
        </Fact>
      )}
      {actor?.tokenId && (
        <Fact name="Token">
          <CopyChip text={actor.tokenId} label="token’s id" />
        </Fact>
      )}
      <Fact name="Address">{actor?.address || <span className={styles.none}>Not known</span>}</Fact>
      {device && (
        <Fact name="Device">
          <bdi>{device}</bdi>
        </Fact>
      )}
      <Fact name="When">
        <time dateTime={new Date(at).toISOString()}>{formatExactTime(at)}</time>
      </Fact>
      {requestId && (
        <Fact name="Request">
          <CopyChip text={requestId} label="request id" shown={`…${requestId.slice(-8)}`} />
        </Fact>
      )}
      {revision !== undefined && <Fact name="Revision">{revision}</Fact>}
    </dl>
  );
}

function Fact({ name, children }: { readonly name: string; readonly children: React.ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
