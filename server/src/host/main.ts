import { readConfig } from '../config.ts';
import { createDatabase, type Database } from '../database/database.ts';
import { migrate } from '../database/migrate.ts';
import { type BackupParts, backup, restore } from './backup-command.ts';
import { createHostToken } from './create-token.ts';
import { recoverAdmin, setupLink } from './recover-admin.ts';

const usage = `roster admin recover [--email EMAIL]    a one-time link for the first admin, or for one who cannot sign in
roster setup link [--url URL]           where to make the first admin, while there is none
roster token create --role ROLE --expires 1d [--name NAME] [--scopes LIST]    an API token
roster backup FILE     the whole store into a new file, while Roster runs; - for the standard output
roster restore FILE    a backup into an empty database; - for the standard input`;

/** What is printed; undefined for nothing. */
type Command = (database: Database, args: readonly string[]) => Promise<string | undefined>;

const commands: Readonly<Record<string, Command>> = {
  'admin recover': recoverAdmin,
  'token create': createHostToken,
  'setup link': setupLink,
};

/** These look at the schema themselves, and what they say does not mix with what they may print. */
type StoreCommand = (parts: BackupParts, args: readonly string[]) => Promise<string>;

const storeCommands: Readonly<Record<string, StoreCommand>> = { backup, restore };

type Store = BackupParts['store'];

/** What is done on the machine itself, with the database at hand: whoever may run this needs no sign-in. */
async function main([noun = '', verb = '', ...args]: readonly string[]): Promise<void> {
  const command = Object.hasOwn(commands, `${noun} ${verb}`) ? commands[`${noun} ${verb}`] : undefined;
  const storeCommand = Object.hasOwn(storeCommands, noun) ? storeCommands[noun] : undefined;
  if (!command && !storeCommand) throw new Error(usage);
  const { databaseUrl: url, databasePassword: password } = readConfig(process.env);
  if (command) await runInDatabase({ url, password }, command, args);
  else if (storeCommand) await runOnStore({ url, password }, storeCommand, verb === '' ? args : [verb, ...args]);
}

async function runInDatabase(store: Store, command: Command, args: readonly string[]): Promise<void> {
  const onConnectionError = () => undefined;
  const database = createDatabase({ ...store, maxConnections: 1, statementTimeoutMs: 0, onConnectionError });
  try {
    await migrate(database);
    const output = await command(database, args);
    if (output !== undefined) console.log(output);
  } finally {
    await database.close();
  }
}

async function runOnStore(store: Store, command: StoreCommand, args: readonly string[]): Promise<void> {
  const interrupted = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => interrupted.abort(new Error('Interrupted. Nothing was left behind.')));
  }
  const { stdin: input, stdout: output } = process;
  const { signal } = interrupted;
  const said = await command({ store, input, output, signal }, args).catch((error: unknown) => {
    throw signal.aborted ? signal.reason : error;
  });
  console.error(said);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
});
