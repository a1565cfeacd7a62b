import { type Logger, pino } from 'pino';
import { type App, startApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { serveMetrics } from './metrics-endpoint.ts';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const log = createLog(config.logLevel);
  const app = await startApp(config, log);
  const metrics =
    config.metricsPort > 0
      ? serveMetrics(app.registry, config.metricsPort, (error) => log.error({ err: error }, 'no metrics'))
      : undefined;
  log.info({ port: app.port }, 'listening');

  // Whoever started it starts it again.
  void app.replaced.then(() => {
    log.warn('another store has taken the place of this one; starting anew');
    metrics?.close();
    void stop(app, log, 1);
  });
  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping');
      metrics?.close();
      void stop(app, log);
    });
  }
}

/** Writes its lines some at a time, behind the calls: one by one they would cost each call a system call. They are out when the process exits. */
function createLog(level: string): Logger {
  const output = pino.destination({ sync: false, minLength: 4096 });
  setInterval(() => output.flush(), 100).unref();
  return pino({ level }, output);
}

/** Ends the process also where the stop fails: one that neither serves nor ends would be the worst of both. */
async function stop(app: App, log: Logger, exitCode = 0): Promise<void> {
  try {
    await app.stop();
    process.exit(exitCode);
  } catch (error) {
    log.fatal({ err: error }, 'the stop failed');
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});
