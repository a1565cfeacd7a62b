import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { renderConfig } from './render-config.ts';
import { configFile } from './run-envoy.ts';

/** Lets Envoy judge the configuration as it is and as a start writes it. Rejects with Envoy's words. */
export async function validate(binary: string): Promise<void> {
  await judge(binary, fileURLToPath(configFile));
  const folder = mkdtempSync(join(tmpdir(), 'roster-envoy-'));
  try {
    const rendered = join(folder, 'envoy.yaml');
    writeFileSync(rendered, renderConfig(readFileSync(configFile, 'utf8'), example));
    await judge(binary, rendered);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const local = (port: number) => ({ host: '127.0.0.1', port });

const example = {
  edge: local(0),
  native: local(0),
  adminPort: 0,
  hosts: ['roster.example'],
  origins: ['http://localhost:5173'],
  trustedHops: 1,
  backends: [local(50_061), local(50_062)],
  web: local(8081),
};

function judge(binary: string, file: string): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(
      binary,
      ['--mode', 'validate', '--disable-hot-restart', '-l', 'warning', '-c', file],
      (error, out, err) => {
        if (error === null) resolve();
        else reject(new Error(`Envoy refuses ${file}: ${(err || out).trim()}`));
      },
    );
  });
}
