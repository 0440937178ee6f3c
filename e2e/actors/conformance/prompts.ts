// The fixture's prompts.

import {
  acceptedContent,
  fromJsonSchema,
  type GetPromptResult,
  inputRequired,
  type McpServer,
} from '@modelcontextprotocol/server';
import { redPixelPng } from './samples.ts';

type Message = GetPromptResult['messages'][number];

export function registerPrompts(server: McpServer): void {
  server.registerPrompt('test_simple_prompt', { description: 'A prompt without arguments' }, () => ({
    messages: [says('This is a simple prompt for testing.')],
  }));
  server.registerPrompt(
    'test_prompt_with_arguments',
    {
      description: 'A prompt with two arguments',
      argsSchema: stringArguments({ arg1: 'First test argument', arg2: 'Second test argument' }),
    },
    ({ arg1, arg2 }) => ({ messages: [says(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)] }),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    {
      description: 'A prompt that embeds a resource',
      argsSchema: stringArguments({ resourceUri: 'URI of the resource to embed' }),
    },
    ({ resourceUri }) => ({
      messages: [
        {
          role: 'user',
          content: {
            type: 'resource',
            resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
          },
        },
        says('Please process the embedded resource above.'),
      ],
    }),
  );
  server.registerPrompt('test_prompt_with_image', { description: 'A prompt with a picture' }, () => ({
    messages: [
      { role: 'user', content: { type: 'image', data: redPixelPng, mimeType: 'image/png' } },
      says('Please analyze the image above.'),
    ],
  }));
  server.registerPrompt(
    'test_input_required_result_prompt',
    { description: 'A prompt that first asks the person for context' },
    (ctx) => {
      const accepted = acceptedContent(ctx.mcpReq.inputResponses, 'user_context');
      if (accepted) return { messages: [says(`Use this context: ${String(accepted.context)}`)] };
      const question = inputRequired.elicit({
        message: 'What context should the prompt use?',
        requestedSchema: { type: 'object', properties: { context: { type: 'string' } }, required: ['context'] },
      });
      return inputRequired({ inputRequests: { user_context: question } });
    },
  );
}

function says(text: string): Message {
  return { role: 'user', content: { type: 'text', text } };
}

function stringArguments<Name extends string>(descriptions: Record<Name, string>) {
  const names = Object.keys(descriptions) as Name[];
  const properties = Object.fromEntries(
    names.map((name) => [name, { type: 'string', description: descriptions[name] }]),
  );
  return fromJsonSchema<Record<Name, string>>({ type: 'object', properties, required: names });
}
