import { randomInt } from 'node:crypto';
import { type AddressInfo, createServer } from 'node:net';
import { SettingError } from './config.ts';

/** Rejects with a sentence that names the setting if the port cannot be had on this machine's loopback. */
export async function assertPortFree(port: number, setting: string): Promise<void> {
  if (port === 0) return;
  await tryPort(port).catch((error: NodeJS.ErrnoException) => {
    const reason =
      error.code === 'EADDRINUSE'
        ? 'is in use'
        : error.code === 'EACCES'
          ? 'may not be used by this user'
          : error.message;
    throw new SettingError(`Port ${port} ${reason}: free it, or choose another one with ${setting}.`);
  });
}

/** Below the ports that Linux and macOS give to outgoing connections: while a part is down, one of those could take its port away. */
const choice = { from: 20_000, count: 12_000 } as const;

/** A port that nobody uses at this moment. A part that is restarted keeps it. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 100; tries += 1) {
    const port = await tryPort(choice.from + randomInt(choice.count)).catch(() => undefined);
    if (port !== undefined) return port;
  }
  return tryPort(0);
}

function tryPort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(port, '127.0.0.1', () => {
      const taken = (probe.address() as AddressInfo).port;
      probe.close(() => resolve(taken));
    });
  });
}
