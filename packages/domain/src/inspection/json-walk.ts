// Walks the tokens of a JSON text without building values. Offsets are all it hands out. On text that is not JSON it
// makes what sense it can and always ends.

export interface JsonVisitor {
  open?(isArray: boolean): void;
  close?(): void;
  /** An object key, without its quotes. */
  key?(start: number, end: number): void;
  /** A string value, without its quotes. Answering false ends the walk. */
  string?(start: number, end: number): boolean | undefined;
  number?(start: number, end: number): boolean | undefined;
  /** A comma: the next element or member. */
  next?(): void;
}

const numberToken = /-?[0-9.eE+-]{1,}/y;

export function walkJson(text: string, visitor: JsonVisitor): void {
  /** For every open container whether it is an array. */
  const open: boolean[] = [];
  let expectsKey = false;
  for (let at = 0; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 0x22: {
        const end = stringEnd(text, at + 1);
        if (expectsKey) visitor.key?.(at + 1, end);
        else if (visitor.string?.(at + 1, end) === false) return;
        at = end;
        break;
      }
      case 0x7b:
      case 0x5b: {
        const isArray = text.charCodeAt(at) === 0x5b;
        open.push(isArray);
        expectsKey = !isArray;
        visitor.open?.(isArray);
        break;
      }
      case 0x7d:
      case 0x5d:
        if (open.pop() !== undefined) visitor.close?.();
        expectsKey = false;
        break;
      case 0x2c:
        expectsKey = open.at(-1) === false;
        visitor.next?.();
        break;
      case 0x3a:
        expectsKey = false;
        break;
      default: {
        const code = text.charCodeAt(at);
        if (code !== 0x2d && (code < 0x30 || code > 0x39)) break;
        numberToken.lastIndex = at;
        numberToken.test(text);
        if (visitor.number?.(at, numberToken.lastIndex) === false) return;
        at = numberToken.lastIndex - 1;
      }
    }
  }
}

/** The offset of the quote that ends a string whose inside begins at `from`; the text's end if there is none. */
function stringEnd(text: string, from: number): number {
  for (let quote = text.indexOf('"', from); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slash = quote;
    while (slash > from && text.charCodeAt(slash - 1) === 0x5c) slash--;
    if ((quote - slash) % 2 === 0) return quote;
  }
  return text.length;
}
