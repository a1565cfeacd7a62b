import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConfigError, readConfig } from './config.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'roster-config-'));
  await writeFile(join(folder, 'secret'), 'the secret\n');
});
afterAll(() => rm(folder, { recursive: true }));

const mail = {
  SMTP_URL: 'smtps://roster:hunter2@mail.example.org',
  ROSTER_MAIL_FROM: 'Roster <roster@example.org>',
  ROSTER_PUBLIC_URL: 'https://roster.example.org/',
};
const oidc = () => ({
  ROSTER_OIDC_ISSUER: 'https://id.example.org/realms/one',
  ROSTER_OIDC_CLIENT_ID: 'roster',
  ROSTER_OIDC_CLIENT_SECRET_FILE: join(folder, 'secret'),
});

const read = (settings: NodeJS.ProcessEnv) => readConfig({ DATABASE_URL: 'postgres://x', ...settings });

function complaintOf(settings: NodeJS.ProcessEnv): string {
  try {
    read(settings);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  throw new Error('The settings were taken.');
}

test('without settings there is no mail and no OpenID provider', () => {
  expect(read({ SMTP_URL: '', ROSTER_OIDC_ISSUER: '' })).toMatchObject({ mail: undefined, oidc: undefined });
});

test('mail is set up by three settings', () => {
  expect(read(mail).mail).toEqual({
    smtpUrl: mail.SMTP_URL,
    from: 'Roster <roster@example.org>',
    publicUrl: 'https://roster.example.org',
  });
});

test.for<NodeJS.ProcessEnv>([
  { ROSTER_MAIL_FROM: '' },
  { ROSTER_MAIL_FROM: 'nobody' },
  { ROSTER_MAIL_FROM: 'Roster <a@b.example>\nBcc: c@d.example' },
  { ROSTER_PUBLIC_URL: '' },
  { ROSTER_PUBLIC_URL: 'roster.example.org' },
  { ROSTER_PUBLIC_URL: 'https://roster.example.org/console' },
  { SMTP_URL: 'https://roster:hunter2@mail.example.org' },
  { SMTP_URL: 'roster:hunter2@mail.example.org' },
])('mail settings that cannot work are refused by their name, without the password: %o', (wrong) => {
  const complaint = complaintOf({ ...mail, ...wrong });
  expect(complaint).toMatch(new RegExp(`^${Object.keys(wrong)[0]} `));
  expect(complaint).not.toContain('hunter2');
});

test('an OpenID provider is set up by three settings, and a fourth for its name', () => {
  const { issuer, ...rest } = read(oidc()).oidc ?? {};
  expect(issuer?.href).toBe('https://id.example.org/realms/one');
  expect(rest).toEqual({ clientId: 'roster', clientSecret: 'the secret', name: 'id.example.org' });
  expect(read({ ...oidc(), ROSTER_OIDC_NAME: 'Our directory' }).oidc?.name).toBe('Our directory');
  expect(read({ ...oidc(), ROSTER_OIDC_ISSUER: 'http://localhost:9000' }).oidc?.issuer.port).toBe('9000');
});

test.for<NodeJS.ProcessEnv>([
  { ROSTER_OIDC_ISSUER: 'http://id.example.org' },
  { ROSTER_OIDC_ISSUER: 'http://127.0.0.1.example.org' },
  { ROSTER_OIDC_ISSUER: 'id.example.org' },
  { ROSTER_OIDC_ISSUER: 'https://id.example.org/?realm=one' },
  { ROSTER_OIDC_CLIENT_ID: '' },
  { ROSTER_OIDC_CLIENT_SECRET_FILE: '' },
  { ROSTER_OIDC_CLIENT_SECRET_FILE: '/no/such/file' },
])('OpenID settings that cannot work, or that others could listen to, are refused by their name: %o', (wrong) => {
  expect(complaintOf({ ...oidc(), ...wrong })).toMatch(new RegExp(`^${Object.keys(wrong)[0]}\\b`));
});
