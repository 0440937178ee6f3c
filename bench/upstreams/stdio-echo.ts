// The upstream over stdio: one JSON message a line.
import { eachLine } from '../processes/each-line.ts';
import { createEcho } from './echo.ts';

const echo = createEcho(1);

eachLine(process.stdin, (lines) => {
  let answers = '';
  for (const line of lines) {
    const answer = echo.answer(JSON.parse(line.toString()));
    if (answer !== null) answers += `${answer}\n`;
  }
  if (answers !== '') process.stdout.write(answers);
});
