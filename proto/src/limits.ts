/** The limits of the contract, the same on both sides. Lengths count Unicode code points unless said otherwise. */
export const limits = {
  /** Bytes of one request message. */
  messageBytes: 256 * 1024,
  /** Bytes of one feed message; a page of a hundred users stays far below. */
  feedMessageBytes: 256 * 1024,
  nameLength: 200,
  /** RFC 5321: the longest address that fits a forward path. */
  emailLength: 254,
  addressLineLength: 200,
  tags: 50,
  tagLength: 64,
  metadataEntries: 64,
  metadataKeyLength: 64,
  metadataValueLength: 1024,
  /** Bytes of all keys and values: a user must fit into one message. */
  metadataBytes: 200 * 1024,
  tokenNameLength: 60,
  filterLength: 2000,
  /** Comparisons, words and NOTs of one filter. */
  filterTerms: 100,
  filterDepth: 20,
  pageSizeDefault: 50,
  pageSizeMax: 1000,
} as const;

/** Counts the Unicode code points of a text, as every length limit does. */
export function lengthOf(text: string): number {
  let length = 0;
  for (const _ of text) length += 1;
  return length;
}
