import type { RpcOutputStream } from '@protobuf-ts/runtime-rpc';
import { rpcFailure } from './rpc-failure.ts';
import type { Trailers } from './trailers.ts';

/**
 * Makes the stream of a call's messages for a generated client.
 *
 * It can be iterated once, and takes no callbacks: those would have to be fed whether or not their owner keeps up. `ended` settles when the loop has
 * ended; a loop that was left early ends as CANCELLED.
 */
export function createResponseStream<O extends object>(
  messages: AsyncGenerator<Uint8Array, Trailers, undefined>,
  decode: (bytes: Uint8Array) => O,
  explain: (thrown: unknown) => Error,
): { readonly responses: RpcOutputStream<O>; readonly ended: Promise<Trailers> } {
  const { promise: ended, resolve, reject } = Promise.withResolvers<Trailers>();
  ended.catch(() => undefined);

  async function* read(): AsyncGenerator<O, void, undefined> {
    let trailers: Trailers | undefined;
    try {
      for (;;) {
        const { done, value } = await messages.next();
        if (done) {
          trailers = value;
          break;
        }
        yield decode(value);
      }
      if (trailers.code !== 'OK') throw rpcFailure(trailers.code, trailers.message, trailers.metadata);
      resolve(trailers);
    } catch (thrown) {
      const error = explain(thrown);
      reject(error);
      throw error;
    } finally {
      await messages.return({ code: 'CANCELLED', message: '', metadata: {} });
      reject(explain(rpcFailure('CANCELLED', 'The reader left the stream.')));
    }
  }

  const iterator = read();
  let isTaken = false;
  return {
    responses: {
      [Symbol.asyncIterator]() {
        if (isTaken) throw new Error('This stream is already being read.');
        isTaken = true;
        return iterator;
      },
      onNext: refuseCallback,
      onMessage: refuseCallback,
      onComplete: refuseCallback,
      onError: refuseCallback,
    },
    ended,
  };
}

function refuseCallback(): never {
  throw new Error('This stream takes no callbacks: read it with "for await".');
}
