import { once } from 'node:events';
import { text as readText } from 'node:stream/consumers';
import { freePort } from '@roster/stack/ports';
import type { StackOptions } from '@roster/stack/stack';
import { SMTPServer } from 'smtp-server';

/** A mail as its reader has it. */
export interface Mail {
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string;
}

/** A real mail server on this machine, which keeps what it gets. */
export interface TestMailServer {
  /** What a stack needs to know of it; the stack has its port by then, for its mails must know where their links lead to. */
  readonly stackOptions: Partial<StackOptions>;
  readonly mails: readonly Mail[];
  close(): Promise<void>;
}

export async function openMailServer(): Promise<TestMailServer> {
  const mails: Mail[] = [];
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, { envelope }, callback) {
      readText(stream).then((source) => {
        mails.push({ to: envelope.rcptTo.map(({ address }) => address), ...readMail(source) });
        callback();
      }, callback);
    },
  });
  const listening = server.listen(0, '127.0.0.1');
  await once(listening, 'listening');
  const address = listening.address();
  const port = await freePort();
  const serverSettings = {
    SMTP_URL: `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    ROSTER_MAIL_FROM: 'Roster <roster@roster.example>',
    ROSTER_PUBLIC_URL: `http://localhost:${port}`,
  };
  return {
    stackOptions: { port, serverSettings },
    mails,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

/** The link that a mail brings. */
export function linkIn({ text }: Mail): string {
  const [link] = /https?:\/\/\S+/.exec(text) ?? [];
  if (link === undefined) throw new Error('the mail has no link');
  return link;
}

/** The subject and the plain text of a mail in two parts, as Roster writes them. */
function readMail(source: string): Pick<Mail, 'subject' | 'text'> {
  const lines = source.replaceAll('\r\n', '\n');
  const [head = ''] = lines.split('\n\n', 1);
  const subject = /^Subject: (.*)$/m.exec(head)?.[1] ?? '';
  const plain = /^Content-Type: text\/plain.*?\n\n(.*?)\n--/ms.exec(lines)?.[1] ?? '';
  return { subject, text: readQuotedPrintable(plain) };
}

function readQuotedPrintable(text: string): string {
  return decodeURIComponent(
    text
      .replaceAll('=\n', '')
      .replaceAll('%', '=25')
      .replaceAll(/=(?=[0-9A-F]{2})/g, '%'),
  );
}
