import type { ReactNode, Ref } from 'react';
import { useNow } from '../../lib/clock.ts';
import { formatDuration } from '../../lib/format-number.ts';
import type { RecordedBytes, RecordedCall } from '../../rpc/recorder.ts';
import { IconButton } from '../../ui/button.tsx';
import { Badge } from '../../ui/chip.tsx';
import { CopyChip } from '../../ui/copy-chip.tsx';
import { ArrowLeftIcon } from '../../ui/icons.tsx';
import styles from './call-detail.module.css';
import {
  deadlineWords,
  formatBytes,
  formatWireTime,
  metadataLines,
  requestIdOf,
  statusTone,
  statusWord,
} from './call-words.ts';
import { CopyGrpcurl } from './copy-grpcurl.tsx';
import { decodeDetails } from './decode-details.ts';
import { JsonBlock, MessageBlock } from './message-block.tsx';
import { StreamFrames } from './stream-frames.tsx';

export interface CallDetailProps {
  readonly ref: Ref<HTMLElement>;
  readonly call: RecordedCall | undefined;
  /** Where list and detail do not fit side by side. */
  readonly onBack: () => void;
}

/** One call, decoded. */
export function CallDetail({ ref, call, onBack }: CallDetailProps) {
  if (!call) return <p className={styles.nothing}>Choose a call to see what went over the wire.</p>;
  const { method, ended } = call;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, which the keyboard must reach
    <section key={call.id} ref={ref} aria-label={`Call ${method.name}`} tabIndex={0} className={styles.detail}>
      <header className={styles.head}>
        <IconButton
          label="Back to the calls"
          icon={<ArrowLeftIcon />}
          size="small"
          className={styles.back}
          onClick={onBack}
        />
        <h3 className={styles.method}>
          {method.service.typeName}/{method.name}
        </h3>
        <CopyGrpcurl call={call} />
      </header>
      <Facts call={call} />
      {ended && ended.code !== 'OK' && <Status call={call} />}
      <Section title="Request" body={call.request}>
        <MessageBlock label="Request" type={method.I} body={call.request} />
      </Section>
      {method.serverStreaming ? <StreamFrames call={call} /> : <Answer call={call} />}
      <Metadata title="Metadata" metadata={call.metadata} />
      {call.opened && <Metadata title="Headers" metadata={call.opened.headers} />}
      {ended && <Metadata title="Trailers" metadata={ended.metadata} />}
    </section>
  );
}

function Facts({ call }: { readonly call: RecordedCall }) {
  const now = useNow(1000);
  const requestId = requestIdOf(call);
  const { opened } = call;
  return (
    <dl className={styles.facts}>
      <Fact term="Status">
        <Badge tone={statusTone(call)}>{statusWord(call)}</Badge>
      </Fact>
      <Fact term="Started">{formatWireTime(call.startedAt)}</Fact>
      <Fact term="Deadline used">{deadlineWords(call, now)}</Fact>
      <Fact term="Head">
        {opened
          ? `HTTP ${opened.httpStatus} after ${formatDuration(opened.at - call.startedAt)}`
          : call.ended
            ? 'none'
            : 'none yet'}
      </Fact>
      <Fact term="Bytes">
        {formatBytes(call.bytesUp)} up, {formatBytes(call.bytesDown)} down
      </Fact>
      {requestId && (
        <Fact term="Request id">
          <CopyChip text={requestId} label="request id" />
        </Fact>
      )}
    </dl>
  );
}

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div className={styles.fact}>
      <dt>{term}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Section({ title, body, children }: { title: string; body?: RecordedBytes | undefined; children: ReactNode }) {
  return (
    <section className={styles.section}>
      <h4 className={styles.title}>
        {title} {body && <small>{formatBytes(body.size)}</small>}
      </h4>
      {children}
    </section>
  );
}

function Status({ call: { ended } }: { readonly call: RecordedCall }) {
  const details = ended && decodeDetails(ended.metadata);
  return (
    <Section title="Status">
      <p className={styles.message}>
        <bdi>{ended?.message || 'No message'}</bdi>
      </p>
      {details !== undefined && <JsonBlock label="Status details" json={details} />}
    </Section>
  );
}

function Answer({ call }: { readonly call: RecordedCall }) {
  const [answer] = call.frames;
  if (!answer) {
    const words = call.frameCount > 0 ? 'Not recorded: the recording was paused.' : 'No message.';
    return (
      <Section title="Answer">
        <p className={styles.quiet}>{call.ended ? words : 'Not here yet.'}</p>
      </Section>
    );
  }
  return (
    <Section title="Answer" body={answer}>
      <MessageBlock label="Answer" type={call.method.O} body={answer} />
    </Section>
  );
}

function Metadata({ title, metadata }: { readonly title: string; readonly metadata: RecordedCall['metadata'] }) {
  const lines = metadataLines(metadata);
  if (lines.length === 0) return null;
  return (
    <details className={styles.metadata}>
      <summary>
        {title} <small>{lines.length}</small>
      </summary>
      <dl>
        {lines.map(([name, value], index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a name may stand there several times, and nothing moves
          <div key={index} className={styles.line}>
            <dt>{name}</dt>
            <dd>
              <bdi>{value}</bdi>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
