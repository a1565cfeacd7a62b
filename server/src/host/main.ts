import { readConfig } from '../config.ts';
import { createDatabase, type Database } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { createHostToken } from './create-token.ts';
import { recoverAdmin, setupLink } from './recover-admin.ts';

const usage = `roster admin recover [--email EMAIL]    a one-time link for the first admin, or for one who cannot sign in
roster token create --role ROLE --expires 1d [--name NAME] [--scopes LIST]    an API token`;

/** What is printed; undefined for nothing. */
type Command = (database: Database, args: readonly string[]) => Promise<string | undefined>;

const commands: Readonly<Record<string, Command>> = {
  'admin recover': recoverAdmin,
  'token create': createHostToken,
  'setup link': setupLink,
};

/** What is done on the machine itself, with the database at hand: whoever may run this needs no sign-in. */
async function main([noun = '', verb = '', ...args]: readonly string[]): Promise<void> {
  const command = Object.hasOwn(commands, `${noun} ${verb}`) ? commands[`${noun} ${verb}`] : undefined;
  if (!command) throw new Error(usage);
  const { databaseUrl, databasePassword } = readConfig(process.env);
  const database = createDatabase({
    url: databaseUrl,
    password: databasePassword,
    maxConnections: 1,
    statementTimeoutMs: 0,
    onConnectionError: () => undefined,
  });
  try {
    await migrate(database);
    const output = await command(database, args);
    if (output !== undefined) console.log(output);
  } finally {
    await database.close();
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
