import type { IMessageType, JsonValue } from '@protobuf-ts/runtime';
import { useState } from 'react';
import type { RecordedBytes } from '../../rpc/recorder.ts';
import { Button } from '../../ui/button.tsx';
import { formatBytes } from './call-words.ts';
import { decodeBody } from './decode-body.ts';
import styles from './message-block.module.css';
import { jsonText } from './message-json.ts';

export interface MessageBlockProps {
  readonly label: string;
  readonly type: IMessageType<object>;
  readonly body: RecordedBytes;
}

/** A message, decoded. */
export function MessageBlock({ label, type, body }: MessageBlockProps) {
  const decoded = decodeBody(type, body);
  switch (decoded.kind) {
    case 'decoded':
      return <JsonBlock label={label} json={decoded.json} />;
    case 'hidden':
      return <p className={styles.words}>Not kept: {formatBytes(body.size)} that may hold a secret.</p>;
    case 'dropped':
      return (
        <p className={styles.words}>No longer here: {formatBytes(body.size)} had to make room for newer messages.</p>
      );
    case 'unreadable':
      return (
        <p className={styles.words}>
          Not a {type.typeName}: {decoded.reason}
        </p>
      );
  }
}

/** What is shown at first of a long text. */
const firstCharacters = 20_000;

export function JsonBlock({ label, json }: { readonly label: string; readonly json: JsonValue }) {
  const [isWhole, setWhole] = useState(false);
  const text = jsonText(json, 2);
  const isCut = !isWhole && text.length > firstCharacters;
  return (
    <figure aria-label={label} className={styles.block}>
      <pre className={styles.text}>{isCut ? `${text.slice(0, firstCharacters)}…` : text}</pre>
      {isCut && (
        <Button size="small" variant="quiet" onClick={() => setWhole(true)}>
          Show all
        </Button>
      )}
    </figure>
  );
}
