// `mcpvault inspect text`: lines of JSON in, what detectors see in them out. Nothing of a text is ever written but where in
// it something was seen.
import { Command } from 'commander';
import { compileInspector } from '@mcpvault/domain/inspection/inspect';
import { action, type Host, type Invocation, type Outcome } from '../../invocation.ts';
import { addExamples } from '../examples.ts';
import { answerLines } from './answer-lines.ts';

const usual = 'secrets,cards,email,personal';

export function inspectTextCommand(host: Host): Command {
  const command = new Command('text')
    .description('Look for secrets and personal data: reads {"id", "text"} lines, writes {"id", "findings"} lines')
    .option('--detectors <names>', 'ids or groups of detectors, apart by commas', usual)
    .action(action(host, inspectText));
  return addExamples(command, {
    command: `echo '{"id": 1, "text": "write to ada@example.com"}' | mcpvault inspect text --detectors email`,
    does: 'One text; findings say which detector, how sure, and where, from 0, in bytes of the text as a JSON string',
  });
}

async function inspectText(run: Invocation, { detectors }: { readonly detectors: string }): Promise<Outcome> {
  const inspector = compileInspector(detectors.split(',').map((name) => name.trim()));
  return answerLines(run, ({ id, text }) => {
    const findings = inspector.inspect(Buffer.from(JSON.stringify(text)));
    return {
      id,
      // The quote before the text is none of it.
      findings: findings.map(({ detector, confidence, start, end, encoding }) => ({
        detector,
        confidence,
        start: start - 1,
        end: end - 1,
        ...(encoding !== undefined && { encoding }),
      })),
    };
  });
}
