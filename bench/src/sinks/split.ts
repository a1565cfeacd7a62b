/** Cuts a byte stream into messages; each call takes a piece and gives the messages that it completes. */
export type Splitter = (piece: Buffer) => readonly Buffer[];

const none: Buffer = Buffer.alloc(0);

/** Messages of gRPC and gRPC-Web: a flag, four bytes of length, the message. Trailers are left out. */
export function splitGrpc(): Splitter {
  let rest: Buffer = none;
  return (piece) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    const messages: Buffer[] = [];
    let at = 0;
    while (at + 5 <= bytes.length) {
      const end = at + 5 + bytes.readUInt32BE(at + 1);
      if (end > bytes.length) break;
      if (bytes[at] === 0) messages.push(bytes.subarray(at + 5, end));
      at = end;
    }
    rest = bytes.subarray(at);
    return messages;
  };
}

/** Server-sent events, which end with an empty line. */
export function splitSse(): Splitter {
  let rest: Buffer = none;
  return (piece) => {
    const bytes = rest.length > 0 ? Buffer.concat([rest, piece]) : piece;
    const messages: Buffer[] = [];
    let at = 0;
    for (let end = bytes.indexOf('\n\n', at); end >= 0; end = bytes.indexOf('\n\n', at)) {
      messages.push(bytes.subarray(at, end));
      at = end + 2;
    }
    rest = bytes.subarray(at);
    return messages;
  };
}

/** One message as gRPC frames it. */
export function frame(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
