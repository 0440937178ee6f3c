// Where events of the audit log can be sent, and as what.
export type DestinationFormat = 'jsonl' | 'csv' | 'ocsf';

export type DestinationTransport =
  | { readonly type: 'webhook'; readonly url: string }
  | {
      readonly type: 'syslog';
      readonly host: string;
      readonly port: number;
      readonly tls: boolean;
      /** Certificates to trust instead of the usual ones, PEM. */
      readonly ca: string | null;
    }
  /** In the folder of the hub that delivers. */
  | { readonly type: 'file' };
