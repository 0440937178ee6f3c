// Reads the `data` of server-sent events from a byte stream, as the HTML standard defines them. It knows nothing of what
// the data means, and never reconnects.

/** Yields the data of each event, in order; an event cut off by the end of the stream is dropped, as the standard says. */
export async function* sseEvents(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  let data: string[] = [];
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      rest += decoder.decode(value, { stream: true });
      const { lines, tail } = completeLines(rest);
      rest = tail;
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0) yield data.join('\n');
          data = [];
        } else if (line.startsWith('data:')) data.push(line.slice(line.startsWith('data: ') ? 6 : 5));
        else if (line === 'data') data.push('');
      }
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

/** A line ends with LF, CR or CRLF; a CR at the very end may be half of a CRLF, so it waits. */
function completeLines(text: string): { readonly lines: readonly string[]; readonly tail: string } {
  const lines: string[] = [];
  let from = 0;
  for (const match of text.matchAll(/\r\n|\n|\r(?!$)/g)) {
    lines.push(text.slice(from, match.index));
    from = match.index + match[0].length;
  }
  return { lines, tail: text.slice(from) };
}
