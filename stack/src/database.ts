import { checkDatabase } from '@roster/postgres/check-database';
import { startPostgres } from '@roster/postgres/embedded-postgres';
import { SettingError } from './config.ts';

export type Database = {
  readonly url: string;
  stop(): Promise<void>;
  kill(): Promise<void>;
};

type Options = {
  readonly home: string;
  readonly databaseUrl?: string | undefined;
  readonly isDurable?: boolean;
  /** Fails where the home has no data yet. */
  readonly mustExist?: boolean;
};

/** The PostgreSQL of DATABASE_URL, after a look whether it can be used, else the embedded one of the home. */
export async function startDatabase(options: Options, say: (line: string) => void): Promise<Database> {
  if (options.databaseUrl === undefined) return keepEmbedded(options, say);
  const fault = await checkDatabase(options.databaseUrl);
  if (fault !== undefined) throw new SettingError(`DATABASE_URL: ${fault}`);
  const nothing = async () => {};
  return { url: options.databaseUrl, stop: nothing, kill: nothing };
}

/** A server that crashed is started again; it has the same address, and Roster's servers connect again by themselves. */
async function keepEmbedded(
  { home, isDurable, mustExist = false }: Options,
  say: (line: string) => void,
): Promise<Database> {
  const start = () => startPostgres({ home, mustExist, ...(isDurable !== undefined && { isDurable }) });
  let postgres = await start();
  let isWanted = true;
  let underWay: Promise<void> = Promise.resolve();
  const watch = () => {
    void postgres.ended.then(() => {
      if (isWanted) underWay = comeBack();
    });
  };
  const comeBack = async () => {
    say('PostgreSQL ended unexpectedly; starting it again.');
    await start().then(
      (again) => {
        postgres = again;
        watch();
      },
      (error: Error) => say(error.message),
    );
  };
  const stop = async () => {
    isWanted = false;
    await underWay;
    await postgres.release();
  };
  watch();
  return { url: postgres.url, stop, kill: stop };
}
