/** What policies are told of where the arguments of one call came from. */
export interface FlowFacts {
  /**
   * Addresses in the arguments that the caller did not name before a result labelled `untrusted` did: hosts, mail addresses,
   * telephone numbers, accounts. In lower case. Only of texts that are short enough to say where something goes.
   */
  readonly destinations: readonly string[];
  /** The same of all texts: a report that mentions a site sends nothing there, a long script may. */
  readonly mentions: readonly string[];
  /**
   * The arguments hold links as results held them, words of up to twelve characters, and nothing else: so they carry nothing
   * to where the links lead.
   */
  readonly followsLinks: boolean;
  /** The share, 0 to 1, of the words of the arguments that came in results, four in a row. */
  readonly copied: number;
  /** Labels of the results in which values or runs of words of the arguments appeared first. */
  readonly labels: readonly string[];
  /** Names of the servers that those results came from. */
  readonly servers: readonly string[];
}

/** What is known of a result when it is read. */
export interface FlowSource {
  readonly server: string;
  /** `untrusted`: strangers may have written it. Others, such as `private`, come from policies. */
  readonly labels: readonly string[];
}

export const noFlow: FlowFacts = Object.freeze({
  destinations: Object.freeze([]),
  mentions: Object.freeze([]),
  followsLinks: false,
  copied: 0,
  labels: Object.freeze([]),
  servers: Object.freeze([]),
});

/** Strangers may have written it. */
export const untrusted = 'untrusted';
