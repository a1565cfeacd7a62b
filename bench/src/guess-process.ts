import { RpcError } from '@protobuf-ts/runtime-rpc';
import { visitorTransport } from '@roster/e2e/sign-in';
import { SessionServiceClient } from '@roster/proto/gen/roster/sessions/v1/session_service.client';

/** A process that guesses passwords as fast as it is answered, until its parent asks what became of them. */
export type GuessAnswers = Readonly<Record<string, number>>;

const [url = '', guessers = ''] = process.argv.slice(2);
const client = new SessionServiceClient(visitorTransport(url));
const answers: Record<string, number> = {};
let isOver = false;

/** Every guess names another account, so that none is slowed down by those before it at the same one. */
async function guess(): Promise<void> {
  while (!isOver) {
    const email = `${crypto.randomUUID()}@nobody.example`;
    const answer = await client.signInWithPassword({ email, password: 'a wrong guess of some length' }).response.then(
      () => 'signed in',
      (error: unknown) => (error instanceof RpcError ? error.code : String(error)),
    );
    answers[answer] = (answers[answer] ?? 0) + 1;
  }
}

const guessing = Array.from({ length: Number(guessers) }, guess);
process.on('message', async () => {
  isOver = true;
  await Promise.all(guessing);
  process.send?.(answers, () => process.exit());
});
process.on('disconnect', () => process.exit());
