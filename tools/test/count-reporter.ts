// A reporter of the test runner that says nothing but the counts of the whole run, as one JSON line.
import type { TestEvent } from 'node:test/reporters';

export default async function* countReporter(events: AsyncIterable<TestEvent>): AsyncGenerator<string, void> {
  for await (const event of events) {
    if (event.type === 'test:summary') yield `${JSON.stringify(event.data.counts)}\n`;
  }
}
