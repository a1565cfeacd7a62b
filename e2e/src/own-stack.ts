import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Stack, type StackOptions, startStack } from '@roster/stack/stack';

/** A stack of one's own on free ports, whose data goes with it. Unless asked to, it flushes nothing to disk. */
export async function startOwnStack(options: Partial<StackOptions> = {}): Promise<Stack> {
  const home = await mkdtemp(join(tmpdir(), 'roster-e2e-'));
  const stack = await startStack({ home, port: 0, grpcPort: 0, isDurable: false, ...options });
  return {
    ...stack,
    async stop() {
      await stack.stop();
      await rm(home, { recursive: true, force: true });
    },
  };
}
