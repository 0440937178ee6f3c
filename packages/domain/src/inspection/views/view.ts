// What stands in a text in another form: encoded, in the metadata of a picture, or cut into neighbouring strings. A view
// is that text written out, with the way back, so that what is found in it can be covered where it stands.

/** How a finding is written in the message: what replaces it has to be written the same way. */
export type Encoding = 'base64' | 'hex' | 'percent';

export interface Place {
  /** Offsets into the text that the view was made of. */
  readonly start: number;
  readonly end: number;
}

export interface View {
  readonly text: string;
  /** null where the text is only cut, not encoded. */
  readonly encoding: Encoding | null;
  /**
   * Where [start, end) of `text` stands, widened to whole units of the encoding: one place, or one in each of several
   * strings. Empty when it is to be left alone.
   */
  readonly placesOf: (start: number, end: number) => readonly Place[];
}
