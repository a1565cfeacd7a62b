import { type Logger, pino } from 'pino';
import { type App, startApp } from './app.ts';
import { ConfigError, readConfig } from './config.ts';
import { serveMetrics } from './metrics-endpoint.ts';

async function main(): Promise<void> {
  const config = readConfig(process.env);
  // Written behind the calls: a line at a time would cost each of them a system call.
  const log = pino({ level: config.logLevel }, pino.destination({ sync: false }));
  const app = await startApp(config, log);
  const metrics =
    config.metricsPort > 0
      ? serveMetrics(app.registry, config.metricsPort, (error) => log.error({ err: error }, 'no metrics'))
      : undefined;
  log.info({ port: app.port }, 'listening');

  process.on('unhandledRejection', (error) => log.error({ err: error }, 'unhandled rejection'));
  for (const signal of ['SIGTERM', 'SIGINT'] as const) {
    process.once(signal, () => {
      log.info({ signal }, 'stopping');
      metrics?.close();
      void stop(app, log);
    });
  }
}

/** Ends the process also where the stop fails: one that neither serves nor ends would be the worst of both. */
async function stop(app: App, log: Logger): Promise<void> {
  try {
    await app.stop();
    process.exit(0);
  } catch (error) {
    log.fatal({ err: error }, 'the stop failed');
    process.exit(1);
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof ConfigError ? error.message : error);
  process.exit(1);
});
