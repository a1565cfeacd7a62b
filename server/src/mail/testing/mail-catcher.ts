import { once } from 'node:events';
import { text as readText } from 'node:stream/consumers';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** A mail as it arrived. */
export interface CaughtMail {
  /** Of the envelope. */
  readonly from: string;
  readonly to: readonly string[];
  /** By name in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  readonly text: string;
  readonly html: string;
  readonly wasEncrypted: boolean;
  /** All of it, as it was sent. */
  readonly source: string;
}

/** A real mail server that keeps what it gets. */
export interface MailCatcher {
  readonly port: number;
  /** For SMTP_URL. */
  readonly url: string;
  readonly mails: readonly CaughtMail[];
  /** Resolves with the next mail that nobody has asked for yet. */
  next(): Promise<CaughtMail>;
  close(): Promise<void>;
}

/** Starts one on a free port. */
export async function openMailCatcher(options: SMTPServerOptions = {}): Promise<MailCatcher> {
  const mails: CaughtMail[] = [];
  const waiting: ((mail: CaughtMail) => void)[] = [];
  let given = 0;
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, callback) {
      readText(stream).then((source) => {
        const { mailFrom, rcptTo } = session.envelope;
        const mail = {
          ...parse(source),
          from: mailFrom ? mailFrom.address : '',
          to: rcptTo.map(({ address }) => address),
          wasEncrypted: session.secure,
        };
        mails.push(mail);
        hand();
        callback();
      }, callback);
    },
    ...options,
  });
  // A client that gives up is no failure of the catcher.
  server.on('error', () => undefined);
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;

  function hand(): void {
    for (let mail = mails[given]; mail && waiting.length > 0; mail = mails[given]) {
      waiting.shift()?.(mail);
      given += 1;
    }
  }

  return {
    port,
    url: `smtp://127.0.0.1:${port}`,
    mails,
    next: () =>
      new Promise((resolve) => {
        waiting.push(resolve);
        hand();
      }),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

function parse(source: string): Pick<CaughtMail, 'headers' | 'text' | 'html' | 'source'> {
  const { headers, body } = split(source);
  const boundary = /boundary="([^"]+)"/.exec(headers.get('content-type') ?? '')?.[1];
  const parts = boundary === undefined ? [] : body.split(`--${boundary}`).map((part) => split(part.trimStart()));
  const contentOf = (type: string) => {
    const part = parts.find((each) => each.headers.get('content-type')?.startsWith(type));
    return part ? decode(part.body, part.headers.get('content-transfer-encoding') ?? '7bit') : '';
  };
  return { headers, text: contentOf('text/plain'), html: contentOf('text/html'), source };
}

function split(text: string): { readonly headers: ReadonlyMap<string, string>; readonly body: string } {
  const [head = '', ...rest] = text.replaceAll('\r\n', '\n').split('\n\n');
  const lines = head.replaceAll(/\n[ \t]+/g, ' ').split('\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  return { headers: new Map(headers), body: rest.join('\n\n') };
}

function decode(body: string, encoding: string): string {
  if (encoding === 'base64') return Buffer.from(body, 'base64').toString();
  if (encoding !== 'quoted-printable') return body;
  const bytes = body
    .replaceAll(/=\n/g, '')
    .replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}
