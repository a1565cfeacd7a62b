import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { isHealthyMember } from '@roster/envoy/admin';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { childEnvironment, readConfig } from './config.ts';
import { runHostProgram } from './host-program.ts';
import { inRoot } from './paths.ts';
import { freePort } from './ports.ts';
import { identityOf } from './process-identity.ts';
import { type Stack, type StackOptions, startStack } from './stack.ts';

const homes: string[] = [];
afterEach(() => {
  for (const home of homes.splice(0)) rmSync(home, { recursive: true, force: true });
});

function makeHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'roster-stack-'));
  homes.push(home);
  return home;
}

const quick = { port: 0, grpcPort: 0, isDurable: false } satisfies Partial<StackOptions>;

async function pageStatus(url: string): Promise<number> {
  return fetch(`${url}/users`).then(
    (response) => response.status,
    () => 0,
  );
}

/** What the API says to an empty request, which it refuses: HTTP 200 as long as a server answers. */
async function apiStatus(url: string, method = 'GetUser'): Promise<number> {
  const response = await fetch(`${url}/userservice.v1.UserService/${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/grpc-web+proto' },
    body: new Uint8Array(5),
  });
  return response.status;
}

const pidsOf = (stack: Stack) => [stack.envoy.pid(), ...stack.servers.map((server) => server.pid())];

describe('a stack', () => {
  const lines: string[] = [];
  const home = mkdtempSync(join(tmpdir(), 'roster-stack-'));
  let stack: Stack;
  beforeAll(async () => {
    stack = await startStack({ ...quick, home, serverCount: 2, say: (line) => lines.push(line) });
  }, 180_000);
  afterAll(async () => {
    await stack?.stop();
    rmSync(home, { recursive: true, force: true });
  });

  test('serves the page and the API on one origin', async () => {
    expect(await pageStatus(stack.url)).toBe(200);
    expect(await apiStatus(stack.url)).toBe(200);
  });

  test('starts a server that was killed again, on its port, and says so', { timeout: 30_000 }, async () => {
    const [first] = stack.servers;
    const before = first?.pid() ?? 0;
    process.kill(before, 'SIGKILL');
    await expect.poll(() => lines, { timeout: 15_000 }).toContain('The server 1 runs again.');
    expect(lines).toContain('The server 1 ended unexpectedly (SIGKILL); starting it again.');
    expect(first?.pid()).not.toBe(before);
    expect(await apiStatus(stack.url)).toBe(200);
  });

  test('starts Envoy again on the same ports', { timeout: 30_000 }, async () => {
    process.kill(stack.envoy.pid(), 'SIGKILL');
    await expect.poll(() => lines, { timeout: 15_000 }).toContain('The proxy Envoy runs again.');
    await expect.poll(() => pageStatus(stack.url), { timeout: 10_000 }).toBe(200);
  });

  test('keeps a server down that was told to stop, until it is told to start', { timeout: 30_000 }, async () => {
    for (const server of stack.servers) await server.stop();
    await expect.poll(() => apiStatus(stack.url), { timeout: 10_000 }).toBe(503);
    expect(await pageStatus(stack.url)).toBe(200);
    for (const server of stack.servers) await server.start();
    await expect.poll(() => apiStatus(stack.url), { timeout: 10_000 }).toBe(200);
  });

  test('replaces its servers one after the other without losing a call', { timeout: 60_000 }, async () => {
    const statuses = new Set<number>();
    let isReplaced = false;
    // Writes, because Envoy repeats a lost read by itself; below the rate at which it refuses them.
    const write = async () => {
      for (; !isReplaced; await wait(25)) statuses.add(await apiStatus(stack.url, 'CreateUser'));
    };
    const writing = Promise.all([write(), write()]);
    const before = pidsOf(stack);
    for (const server of stack.servers) {
      await server.restart();
      for (const cluster of ['backend', 'feed'])
        expect(await isHealthyMember(stack.envoy.adminPort(), cluster, { host: '127.0.0.1', port: server.port })).toBe(
          true,
        );
    }
    isReplaced = true;
    await writing;
    expect([...statuses]).toEqual([200]);
    expect(pidsOf(stack).filter((pid) => before.includes(pid))).toEqual([stack.envoy.pid()]);
  });

  test('stands beside another one, and the stop of one leaves no process and the other alone', {
    timeout: 60_000,
  }, async () => {
    const other = await startStack({ ...quick, home: makeHome() });
    const pids = pidsOf(other);
    await other.stop();
    expect(pids.map(identityOf)).toEqual(pids.map(() => undefined));
    expect(existsSync(other.runFolder)).toBe(false);
    expect(await apiStatus(stack.url)).toBe(200);
  });

  test('a stack that was killed is cleared away by the next of its home, without the data', {
    timeout: 90_000,
  }, async () => {
    const killedHome = makeHome();
    const [port, grpcPort] = [await freePort(), await freePort()];
    const settings = { ROSTER_HOME: killedHome, ROSTER_PORT: String(port), ROSTER_GRPC_PORT: String(grpcPort) };
    const killed = await runStart(settings, (output) => output.includes('Roster is ready'));
    expect(killed.output).toContain(`Roster is ready at http://localhost:${port}\n`);
    killed.child.kill('SIGKILL');
    await killed.exited;
    const said: string[] = [];
    const next = await startStack({ ...quick, home: killedHome, port, grpcPort, say: (line) => said.push(line) });
    expect(said).toEqual(expect.arrayContaining(['Ended the server of a Roster that was killed.']));
    expect(readdirSync(join(killedHome, 'run'))).toHaveLength(1);
    expect(await apiStatus(next.url)).toBe(200);
    await next.stop();
  });
});

test('roster … makes no store where there is none, but for what is restored', async () => {
  const home = makeHome();
  const program = runHostProgram('host', ['token', 'create', '--role', 'VIEWER'], { ...readConfig({}), home });
  await expect(program).rejects.toThrow(
    /^There is no data in .* yet\. .*ROSTER_HOME or DATABASE_URL.* Nothing was done\.$/,
  );
  expect(existsSync(join(home, 'postgres/data'))).toBe(false);
});

describe('pnpm start', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)('ends in order and with 0 on %s', { timeout: 90_000 }, async (signal) => {
    const home = makeHome();
    const settings = { ROSTER_HOME: home, ROSTER_PORT: '0', ROSTER_GRPC_PORT: '0' };
    const { child, exited } = await runStart(settings, (output) => output.includes('Roster is ready'));
    child.kill(signal);
    expect(await exited).toBe(0);
    expect(readdirSync(join(home, 'run'))).toEqual([]);
    expect(existsSync(join(home, 'postgres/data/postmaster.pid'))).toBe(false);
  });

  test('ends in order when Ctrl-C comes while it still asks for the set-up link', { timeout: 90_000 }, async () => {
    const home = makeHome();
    const settings = { ROSTER_HOME: home, ROSTER_PORT: '0', ROSTER_GRPC_PORT: '0' };
    const { child, exited } = await runStart(settings, (output) => output.includes('Roster is ready'));
    const asks = () => spawnSync('pgrep', ['-P', String(child.pid), '-f', 'host.js']).status === 0;
    await expect.poll(asks, { interval: 10 }).toBe(true);
    // As from a terminal: all programs of the group hear it.
    process.kill(-Number(child.pid), 'SIGINT');
    expect(await exited).toBe(0);
    expect(readdirSync(join(home, 'run'))).toEqual([]);
    expect(existsSync(join(home, 'postgres/data/postmaster.pid'))).toBe(false);
  });

  test('fails with one line that names the setting, and leaves nothing behind', { timeout: 90_000 }, async () => {
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
    const address = taken.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const home = makeHome();
    const file = join(home, 'file');
    const free = { ROSTER_HOME: home, ROSTER_PORT: '0', ROSTER_GRPC_PORT: '0' };
    const cases: readonly (readonly [Record<string, string>, RegExp])[] = [
      [
        { ROSTER_PORT: String(port) },
        new RegExp(`^Port ${port} is in use: free it, or choose another one with ROSTER_PORT.$`),
      ],
      [{ ROSTER_GRPC_PORT: String(port) }, /ROSTER_GRPC_PORT/],
      [{ ROSTER_PORT: 'http' }, /^ROSTER_PORT must be a whole number/],
      [
        { DATABASE_URL: 'postgresql://roster:geheim@127.0.0.1:1/roster' },
        /^DATABASE_URL: cannot connect to 127\.0\.0\.1:1/,
      ],
      [{ ENVOY_PATH: '/nowhere/envoy' }, /^ENVOY_PATH names \/nowhere\/envoy/],
      [{ ROSTER_HOME: file }, /ROSTER_HOME/],
    ];
    writeFileSync(file, '');
    try {
      for (const [settings, line] of cases) {
        const { exited, errors } = await runStart({ ...free, ...settings }, () => false);
        expect([await exited, errors().trimEnd()]).toEqual([1, expect.stringMatching(line)]);
        expect(errors().trimEnd().split('\n')).toHaveLength(1);
        expect(errors()).not.toContain('geheim');
      }
      expect(existsSync(join(home, 'run')) ? readdirSync(join(home, 'run')) : []).toEqual([]);
      expect(existsSync(join(home, 'postgres/data/postmaster.pid'))).toBe(false);
    } finally {
      taken.close();
    }
  });

  test.skipIf(process.getuid?.() === 0)('refuses a home that may not be written', async () => {
    const home = join(makeHome(), 'closed');
    mkdirSync(home);
    chmodSync(home, 0o500);
    const { exited, errors } = await runStart(
      { ROSTER_HOME: home, ROSTER_PORT: '0', ROSTER_GRPC_PORT: '0' },
      () => false,
    );
    expect([await exited, errors()]).toEqual([1, expect.stringMatching(/^ROSTER_HOME: .*\n$/)]);
  });
});

/** Runs `pnpm start` as a process and waits until its output is as wanted, or it has ended. */
async function runStart(settings: Record<string, string>, isEnough: (output: string) => boolean) {
  const child = spawn(process.execPath, [inRoot('stack/src/start.ts')], {
    env: childEnvironment(settings),
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  let errors = '';
  child.stderr.on('data', (text) => {
    errors += text;
  });
  const exited = new Promise<number | null>((resolve) => child.once('close', resolve));
  const enough = new Promise<void>((resolve) => {
    child.stdout.on('data', (text) => {
      output += text;
      if (isEnough(output)) resolve();
    });
  });
  await Promise.race([enough, exited]);
  return { child, exited, output, errors: () => errors };
}
