import { LinkPurpose } from '@roster/proto/gen/roster/credentials/v1/credential_service';
import { expect, test } from 'vitest';
import { openTestDatabase } from '../testing/test-database.ts';
import { createPerson, signInAgain } from '../testing/test-people.ts';
import { subjectsOfMail } from './attempt-subjects.ts';
import { beginAttempt } from './attempts.ts';
import { keepChallenge } from './challenges.ts';
import { forgetSignIns } from './forget.ts';
import { createLink, hostMaker } from './link-store.ts';

test('what signing in leaves behind is forgotten when it has served its time, and not before', async () => {
  const { database } = await openTestDatabase();
  const person = await createPerson(database);
  const other = await signInAgain(database, person);
  const run = <Row extends object>(text: string, ...parameters: readonly unknown[]) =>
    database.run(undefined, (connection) => connection.query<Row>(text, parameters));
  await database.transaction(undefined, async (connection) => {
    await createLink(connection, { purpose: LinkPurpose.SETUP, userId: undefined, maker: hostMaker });
    await createLink(connection, { purpose: LinkPurpose.RECOVERY, userId: person.user.id, maker: hostMaker });
    await keepChallenge(connection, 'oidc', { userId: undefined, data: {} });
    await keepChallenge(connection, 'oidc', { userId: person.user.id, data: {} });
  });
  const signal = new AbortController().signal;
  await beginAttempt(database, signal, subjectsOfMail('ada@people.example', '192.0.2.1'));
  const counts = async () => {
    const [row] = await run<Record<string, number>>(
      `select (select count(*)::int from sessions) as sessions, (select count(*)::int from one_time_links) as links,
         (select count(*)::int from challenges) as challenges, (select count(*)::int from failed_attempts) as attempts`,
    );
    return row;
  };
  await run('update sessions set ended_at = now() where id = $1', other.sessionId);
  await database.run(undefined, forgetSignIns);
  expect(await counts()).toEqual({ sessions: 2, links: 2, challenges: 2, attempts: 2 });

  await run(`update sessions set expires_at = now() - interval '31 days' where id = $1`, other.sessionId);
  await run(`update one_time_links set expires_at = now() - interval '31 days' where user_id is null`);
  await run(`update challenges set expires_at = now() - interval '1 s' where user_id is null`);
  await run(
    `update failed_attempts set at = now() - interval '25 hours' where ctid = (select max(ctid) from failed_attempts)`,
  );
  await database.run(undefined, forgetSignIns);
  expect(await counts()).toEqual({ sessions: 1, links: 1, challenges: 1, attempts: 1 });
  expect(await run<{ id: string }>('select id from sessions')).toEqual([{ id: person.sessionId }]);
});
