/** Answers the runner's requests, some at a time, until there are no more. */
export async function serveRunner(perform: (request: Uint8Array) => Promise<Uint8Array>): Promise<void> {
  const running = new Set<Promise<void>>();
  for await (const request of readSized(process.stdin)) {
    const one = perform(request).then(writeSized);
    running.add(one);
    void one.finally(() => running.delete(one));
    if (running.size >= 8) await Promise.race(running);
  }
  await Promise.all(running);
}

/** Cuts the runner's input into messages, each with its length in front. */
async function* readSized(input: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let waiting = Buffer.alloc(0);
  for await (const chunk of input) {
    waiting = Buffer.concat([waiting, chunk]);
    while (waiting.length >= 4 && waiting.length >= 4 + waiting.readUInt32BE(0)) {
      const end = 4 + waiting.readUInt32BE(0);
      yield waiting.subarray(4, end);
      waiting = waiting.subarray(end);
    }
  }
}

/** Writes one message to the runner. Anything else on stdout would break the protocol. */
function writeSized(message: Uint8Array): void {
  const whole = Buffer.alloc(4 + message.length);
  whole.writeUInt32BE(message.length, 0);
  whole.set(message, 4);
  process.stdout.write(whole);
}
