import { inSentence } from '../../../lib/in-sentence.ts';
import type { WordPart } from './change-words.ts';
import styles from './sentence.module.css';

/** A sentence about a change. What people typed keeps its own direction and is cut to what one knows it by; the whole stands in the details. */
export function Sentence({ parts }: { readonly parts: readonly WordPart[] }) {
  return parts.map((part, index) => {
    const space = index === 0 || part.text.startsWith(',') ? '' : ' ';
    // biome-ignore lint/suspicious/noArrayIndexKey: the parts of one sentence keep their places
    return <Part key={index} part={part} space={space} />;
  });
}

function Part({ part, space }: { readonly part: WordPart; readonly space: string }) {
  if (part.kind === 'words') return `${space}${part.text}`;
  return (
    <>
      {space}
      <bdi className={part.kind === 'whom' ? styles.whom : styles.value}>{inSentence(part.text)}</bdi>
    </>
  );
}
