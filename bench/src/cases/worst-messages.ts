import { type ClientHttp2Session, connect } from 'node:http2';
import { setTimeout as wait } from 'node:timers/promises';
import { UserRole } from '@roster/proto/gen/userservice/v1/user';
import { CreateUserRequest, GetUserRequest, ListUsersRequest } from '@roster/proto/gen/userservice/v1/user_service';
import { limits } from '@roster/proto/limits';
import type { Pace } from '../pace.ts';
import { readList } from '../read-list.ts';
import { median, percentile, type Result } from '../report.ts';
import { type BenchStack, homes, startFilledStack } from '../stack.ts';

const users = 1000;
const perSecond = 50;
const fullSeconds = 10;
/** Calls that each hostile client has open at one time. */
const atOnce = 4;

interface Round {
  readonly idleMs: readonly number[];
  readonly attackedMs: readonly number[];
  /** Hostile calls that were answered. */
  readonly answered: number;
  readonly fault: string;
}

/** How long GetUser takes while another client sends the worst that the limits let through, against the same calls without it (guarantee 43). */
export async function measureWorstMessages(pace: Pace): Promise<readonly Result[]> {
  const bench = await startFilledStack(users, homes.small);
  try {
    const seconds = pace.seconds(fullSeconds);
    const ids = (await readList(bench.client)).users.map(({ id }) => id);
    await getInTurn(bench, ids, 1);
    const rounds: Round[] = [];
    for (let round = 0; round < pace.rounds; round += 1) rounds.push(await runRound(bench, ids, seconds));
    return resultsOf(rounds);
  } finally {
    await bench.stop();
  }
}

async function runRound(bench: BenchStack, ids: readonly string[], seconds: number): Promise<Round> {
  const idle = await getInTurn(bench, ids, seconds);
  const attack = startAttack(bench, ids[0] ?? '');
  const attacked = await getInTurn(bench, ids, seconds);
  const { answered, fault } = await attack.stop();
  return {
    idleMs: idle.ms,
    attackedMs: attacked.ms,
    answered,
    fault: idle.fault || attacked.fault || fault || (answered < seconds ? 'the attack came to nothing' : ''),
  };
}

/** Counted from when each call was due: a server that stalls cannot hide it by keeping the next one from being made. */
async function getInTurn({ client }: BenchStack, ids: readonly string[], seconds: number) {
  const startedAt = performance.now();
  let fault = '';
  const calls: Promise<number>[] = [];
  for (let number = 0; number < perSecond * seconds; number += 1) {
    const dueAt = startedAt + (number * 1000) / perSecond;
    await wait(Math.max(0, dueAt - performance.now()));
    const id = ids[number % ids.length] ?? '';
    const call = client.getUser({ id }).response.then(
      ({ user }) => {
        if (user?.id !== id) fault = 'a call was answered with another user';
      },
      (error: Error) => {
        fault = `a call failed: ${error.message}`;
      },
    );
    calls.push(call.then(() => performance.now() - dueAt));
  }
  return { ms: await Promise.all(calls), fault };
}

/** Each a message that is read in full, as large and as costly as it may be. */
function worstMessages(
  id: string,
): readonly { readonly method: string; readonly body: Buffer; readonly status: string }[] {
  const filled = (message: Uint8Array, filler: readonly number[]) => {
    const room = limits.messageBytes - message.byteLength;
    return Buffer.concat([message, Buffer.alloc(room - (room % filler.length), Buffer.from(filler))]);
  };
  const person = CreateUserRequest.create({ name: 'Hostile', email: 'not an email', role: UserRole.VIEWER });
  const words = Array.from({ length: limits.filterTerms }, (_, index) => `e${index % 10}`).join(' OR ');
  const list = (fields: Partial<ListUsersRequest>) => ListUsersRequest.toBinary(ListUsersRequest.create(fields));
  return [
    { method: 'GetUser', body: filled(GetUserRequest.toBinary({ id }), [0xf8, 0x3f, 1]), status: '0' },
    // 130,000 empty tags.
    { method: 'CreateUser', body: filled(CreateUserRequest.toBinary(person), [0x2a, 0]), status: '3' },
    { method: 'ListUsers', body: Buffer.from(list({ filter: words, pageSize: 1000, orderBy: 'name' })), status: '0' },
    { method: 'ListUsers', body: Buffer.from(list({ pageSize: 1000 })), status: '0' },
  ];
}

function startAttack({ stack, token }: BenchStack, id: string) {
  let isOn = true;
  let answered = 0;
  let fault = '';
  const sessions: ClientHttp2Session[] = [];
  const running = worstMessages(id).flatMap(({ method, body, status }) => {
    const session = connect(`http://${stack.grpcUrl}`);
    sessions.push(session);
    return Array.from({ length: atOnce }, async () => {
      while (isOn) {
        const got = await send(session, method, body, token);
        answered += 1;
        if (got !== status) fault = `${method} was answered with status ${got}, not ${status}`;
      }
    });
  });
  return {
    async stop() {
      isOn = false;
      await Promise.all(running);
      for (const session of sessions) session.close();
      return { answered, fault };
    },
  };
}

function send(session: ClientHttp2Session, method: string, message: Buffer, token: string): Promise<string> {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.byteLength, 1);
  const stream = session.request({
    ':method': 'POST',
    ':path': `/userservice.v1.UserService/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    authorization: `Bearer ${token}`,
  });
  return new Promise((resolve, reject) => {
    stream.on('response', (received) => 'grpc-status' in received && resolve(String(received['grpc-status'])));
    stream.on('trailers', (received) => resolve(String(received['grpc-status'])));
    stream.on('error', reject);
    stream.resume().end(Buffer.concat([head, message]));
  });
}

function resultsOf(rounds: readonly Round[]): readonly Result[] {
  const p99 = (values: readonly number[]) => percentile(values, 0.99);
  const ratios = rounds.map(({ idleMs, attackedMs }) => p99(attackedMs) / p99(idleMs));
  const fault = rounds.find((round) => round.fault !== '')?.fault;
  const gate = {
    name: `every GetUser brings its user, and every hostile call its own status${fault ? ` (${fault})` : ''}`,
    holds: fault === undefined,
  };
  const details = rounds.map(
    ({ idleMs, attackedMs, answered }) =>
      `p99 idle ${p99(idleMs).toFixed(1)} ms, attacked ${p99(attackedMs).toFixed(1)} ms (median ${median(attackedMs).toFixed(1)}); ${answered} hostile calls answered`,
  );
  return [
    {
      name: `GetUser while another client sends the worst messages, p99`,
      measured: `${perSecond}/s through Envoy, beside ${atOnce * worstMessages('').length} hostile calls at one time; ${rounds.length} rounds`,
      value: median(rounds.map(({ attackedMs }) => p99(attackedMs))),
      unit: 'ms',
      goal: 250,
      gate,
      details,
    },
    {
      name: 'the same, against no attack',
      measured: `p99 to p99; from ${Math.min(...ratios).toFixed(1)} to ${Math.max(...ratios).toFixed(1)}`,
      value: median(ratios),
      unit: '×',
      goal: 25,
      gate,
      details: [],
    },
  ];
}
