// The part of the library that is used here; it brings no types of its own.
declare module 'nodemailer' {
  interface Transporter {
    sendMail(mail: {
      readonly from: string;
      readonly to: readonly string[];
      readonly subject: string;
      readonly text: string;
      readonly messageId: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly disableFileAccess: true;
      readonly disableUrlAccess: true;
    }): Promise<{ readonly accepted: readonly unknown[]; readonly rejected: readonly unknown[] }>;
    close(): void;
  }

  export function createTransport(options: {
    readonly host: string;
    readonly port: number;
    readonly secure: boolean;
    readonly requireTLS: boolean;
    readonly ignoreTLS: boolean;
    readonly auth?: { readonly user: string; readonly pass: string };
    readonly connectionTimeout: number;
    readonly greetingTimeout: number;
    readonly socketTimeout: number;
    readonly dnsTimeout: number;
    readonly disableFileAccess: true;
    readonly disableUrlAccess: true;
  }): Transporter;
}
