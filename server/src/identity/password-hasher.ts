import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import { type RpcError, resourceExhausted } from '../rpc/rpc-error.ts';
import { passwordLimits } from './password-limits.ts';

/** Hashes passwords with argon2id, a few at a time. Both reject with RESOURCE_EXHAUSTED, SIGN_IN_BUSY, at once where too many wait. */
export interface PasswordHasher {
  /** The hash in the PHC string format. */
  hash(password: string, signal?: AbortSignal): Promise<string>;
  /**
   * Compares a password with a stored hash. Without a hash, or with one that cannot be read, it takes the same time and does not match: nobody can tell by the clock
   * who is known here.
   */
  verify(password: string, hash: string | undefined, signal?: AbortSignal): Promise<Verdict>;
}

export interface Verdict {
  readonly matches: boolean;
  /** It matches, and was made at other costs than today's; the password is at hand to hash it anew. */
  readonly isOutdated: boolean;
}

/** The costs of a hash: OWASP's second choice, some 30 ms of one core. */
interface Costs {
  readonly memoryKib: number;
  readonly passes: number;
  readonly lanes: number;
}

const costs: Costs = { memoryKib: 19 * 1024, passes: 2, lanes: 1 };
const saltBytes = 16;
const hashBytes = 32;
/** So long a waiting caller may be told to wait. */
const retryAfterMs = 1000;

interface StoredHash extends Costs {
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/**
 * `atOnce`: hashes that run side by side, each on a thread of its own and with 19 MiB; those threads are four, and also look up host names. `waiting`: calls beyond
 * them that are let wait; the next one is refused.
 */
export function createPasswordHasher(limits: { readonly atOnce: number; readonly waiting: number }): PasswordHasher {
  const run = createQueue(limits);
  // Nothing matches it: it is no hash of anything.
  const nobody: StoredHash = { ...costs, salt: randomBytes(saltBytes), hash: randomBytes(hashBytes) };
  return {
    async hash(password, signal) {
      const salt = randomBytes(saltBytes);
      const hash = await run(signal, () => derive(password, { ...costs, salt, length: hashBytes }));
      return formatHash({ ...costs, salt, hash });
    },
    async verify(password, text, signal) {
      const known = text === undefined || isOverlong(password) ? undefined : parseHash(text);
      const stored = known ?? nobody;
      const derived = await run(signal, () => derive(known ? password : '', { ...stored, length: stored.hash.length }));
      const matches = timingSafeEqual(derived, stored.hash) && known !== undefined;
      return { matches, isOutdated: matches && !isCurrent(stored) };
    },
  };
}

/** Passwords are compared in one Unicode form: keyboards and systems send the same letters in several. */
export function normalizePassword(password: string): string {
  return password.normalize('NFKC');
}

/** More than any password of ours has, before it is normalized; nothing so long is worked on. */
export function isOverlong(password: string): boolean {
  return password.length > 2 * passwordLimits.max;
}

const argon2Async = promisify(argon2);

function derive(
  password: string,
  { memoryKib, passes, lanes, salt, length }: Costs & { readonly salt: Buffer; readonly length: number },
): Promise<Buffer> {
  return argon2Async('argon2id', {
    message: normalizePassword(password),
    nonce: salt,
    parallelism: lanes,
    tagLength: length,
    memory: memoryKib,
    passes,
  });
}

const phcShape =
  /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,3}),p=(\d{1,2})\$([A-Za-z0-9+/]{11,64})\$([A-Za-z0-9+/]{22,86})$/;

function formatHash({ memoryKib, passes, lanes, salt, hash }: StoredHash): string {
  return `$argon2id$v=19$m=${memoryKib},t=${passes},p=${lanes}$${unpadded(salt)}$${unpadded(hash)}`;
}

function parseHash(text: string): StoredHash | undefined {
  const [, memory, passes, lanes, salt, hash] = phcShape.exec(text) ?? [];
  if (salt === undefined || hash === undefined) return undefined;
  return {
    memoryKib: Number(memory),
    passes: Number(passes),
    lanes: Number(lanes),
    salt: Buffer.from(salt, 'base64'),
    hash: Buffer.from(hash, 'base64'),
  };
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '');
}

function isCurrent({ memoryKib, passes, lanes, salt, hash }: StoredHash): boolean {
  return (
    memoryKib === costs.memoryKib &&
    passes === costs.passes &&
    lanes === costs.lanes &&
    salt.length === saltBytes &&
    hash.length === hashBytes
  );
}

type Run = <T>(signal: AbortSignal | undefined, work: () => Promise<T>) => Promise<T>;

/** Runs some works at once, the rest in the order in which they came. Who goes away while waiting leaves the queue. */
function createQueue({ atOnce, waiting }: { readonly atOnce: number; readonly waiting: number }): Run {
  let running = 0;
  const queue = new Set<() => void>();

  function turn(signal: AbortSignal | undefined): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = () => {
        queue.delete(enter);
        reject(signal?.reason);
      };
      const enter = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      queue.add(enter);
      signal?.addEventListener('abort', leave, { once: true });
    });
  }

  return async (signal, work) => {
    signal?.throwIfAborted();
    if (running >= atOnce) {
      if (queue.size >= waiting) throw busy();
      await turn(signal);
    } else {
      running += 1;
    }
    try {
      return await work();
    } finally {
      const [next] = queue;
      // The place is handed over, so that nobody who comes between can take it.
      if (next) {
        queue.delete(next);
        next();
      } else {
        running -= 1;
      }
    }
  };
}

function busy(): RpcError {
  return resourceExhausted('SIGN_IN_BUSY', 'Too many people sign in at this moment. Try again.', retryAfterMs);
}
