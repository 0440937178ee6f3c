// Notifications by mail, over the mail server that the operator of the hub named. Several are one mail; what a mail server
// says is kept short, for it may repeat what it was told.
import { createHash } from 'node:crypto';
import type { Notification } from '@mcpvault/domain/alerts/notification';
import { plainText, subjectOf } from '@mcpvault/domain/alerts/notification-text';
import { createTransport } from 'nodemailer';
import { Undelivered } from '../../audit/destinations/receiver.ts';
import type { Carrier } from './carrier.ts';
import type { MailServer } from './mail-server.ts';

export interface MailCarrierDeps {
  readonly server: MailServer;
  readonly from: string;
  readonly to: readonly string[];
  /** Addresses of those whom it concerns in person. */
  people(told: readonly Notification[]): Promise<readonly string[]>;
  readonly route: string;
  readonly consoleUrl: string;
}

const answerMs = 10_000;
/** All of one mail. Less than a route is held. */
const wholeMs = 25_000;

export function createMailCarrier({ server, from, to, people, route, consoleUrl }: MailCarrierDeps): Carrier {
  return {
    atOnce: 20,
    pauseMs: 30_000,
    async send(told) {
      const all = [...new Set([...to, ...(await people(told))])];
      if (all.length === 0)
        throw new Undelivered('nobody is to get it', 'Give the route an address.', { isContent: true });
      await within(wholeMs, (onLate) => mail(all, told, onLate));
    },
  };

  async function mail(all: readonly string[], told: readonly Notification[], onLate: (end: () => void) => void) {
    const { host, port, secure, tls, auth } = server;
    const transport = createTransport({
      ...{ host, port, secure, requireTLS: !secure && tls, ignoreTLS: !secure && !tls, ...(auth && { auth }) },
      ...{ connectionTimeout: answerMs, greetingTimeout: answerMs, socketTimeout: answerMs, dnsTimeout: answerMs },
      ...{ disableFileAccess: true, disableUrlAccess: true },
    });
    onLate(() => transport.close());
    try {
      const { rejected } = await transport.sendMail({
        ...{ from, to: all, subject: subjectOf(told), text: plainText(told, consoleUrl) },
        messageId: `<${digestOf(route, told)}@${new URL(consoleUrl).hostname}>`,
        headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
        ...{ disableFileAccess: true, disableUrlAccess: true },
      });
      if (rejected.length > 0)
        throw new Undelivered(
          `${rejected.length} of the addresses were not taken`,
          'Correct the addresses of the route.',
          { isContent: true },
        );
    } catch (error) {
      throw error instanceof Undelivered ? error : refusal(error);
    } finally {
      transport.close();
    }
  }
}

/** Of the same notifications the same, so that a mail that comes twice is known as one. */
function digestOf(route: string, told: readonly Notification[]): string {
  return createHash('sha256')
    .update([route, ...told.map(({ id }) => id)].join(' '))
    .digest('hex')
    .slice(0, 32);
}

const known: Readonly<Record<string, readonly [why: string, fix: string]>> = {
  EAUTH: ['the mail server did not take the name and password', 'Correct MCPVAULT_SMTP_URL.'],
  ECONNECTION: ['the mail server could not be reached', 'Look whether it runs, and at MCPVAULT_SMTP_URL.'],
  ESOCKET: [
    'the connection to the mail server broke',
    'Look whether it runs, and at its port and TLS in MCPVAULT_SMTP_URL.',
  ],
  EDNS: ['the mail server’s name could not be looked up', 'Correct MCPVAULT_SMTP_URL.'],
  ETLS: [
    'the mail server offers no TLS',
    'Turn it on there, or add ?tls=off to MCPVAULT_SMTP_URL where the way is safe.',
  ],
  ETIMEDOUT: ['the mail server did not answer in time', 'Look at its load, and whether a firewall is in between.'],
  EENVELOPE: [
    'the mail server did not take sender or addresses',
    'Correct MCPVAULT_MAIL_FROM, or the addresses of the route.',
  ],
  EMESSAGE: ['the mail server did not take the mail', 'Look at its log.'],
};

function refusal(error: unknown): Undelivered {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const status = error instanceof Error && 'responseCode' in error ? Number(error.responseCode) : 0;
  const [why, fix] = known[code] ?? ['the mail could not be sent', 'Look at the log of the mail server.'];
  // A 5xx about the mail itself stays so; 4xx, and who may use the server, may change.
  const isContent = status >= 550 && status <= 559;
  return new Undelivered(status > 0 ? `${why} (${status})` : why, fix, { isContent });
}

async function within(milliseconds: number, work: (onLate: (end: () => void) => void) => Promise<void>): Promise<void> {
  let end = (): void => {};
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      end();
      reject(new Undelivered('the mail server took too long', 'Look at its load.'));
    }, milliseconds);
  });
  try {
    await Promise.race([
      late,
      work((how) => {
        end = how;
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}
