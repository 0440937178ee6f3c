// Tools that ask the client something first: a person's answer, a model's, the client's roots. Each is written once as
// rounds; a modern client takes the round itself, for a legacy client the library sends a real request instead.

import { acceptedContent, inputRequired, inputResponse, type InputRequests } from '@modelcontextprotocol/server';
import { type FixtureTool, text } from './tool.ts';

const askName = (message: string) => ask(message, { name: { type: 'string' } });
const askConfirmation = () => ask('Please confirm', { ok: { type: 'boolean' } });

export const askingTools: readonly FixtureTool[] = [
  {
    name: 'test_sampling',
    description: "Asks the client's model",
    input: { type: 'object', properties: { prompt: { type: 'string' } }, required: ['prompt'] },
    run({ args, ctx }) {
      const answer = inputResponse(ctx.mcpReq.inputResponses, 'answer');
      if (answer.kind === 'sampling') return text(`LLM response: ${saidBy(answer.result)}`);
      return inputRequired({ inputRequests: { answer: sample(String(args.prompt), 100) } });
    },
  },
  elicitingTool({
    name: 'test_elicitation',
    description: 'Asks the person for a name and an address',
    input: { type: 'object', properties: { message: { type: 'string' } }, required: ['message'] },
    label: 'User response',
    question: (args) =>
      ask(String(args.message), {
        username: { type: 'string', description: "User's response" },
        email: { type: 'string', description: "User's email address" },
      }),
  }),
  elicitingTool({
    name: 'test_elicitation_sep1034_defaults',
    description: 'Asks with a default value for every primitive type',
    label: 'Elicitation completed',
    question: () =>
      ask(
        'Please review these values',
        {
          name: { type: 'string', default: 'John Doe' },
          age: { type: 'integer', default: 30 },
          score: { type: 'number', default: 95.5 },
          status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
          verified: { type: 'boolean', default: true },
        },
        [],
      ),
  }),
  elicitingTool({
    name: 'test_elicitation_sep1330_enums',
    description: 'Asks with all five ways to write a choice',
    label: 'Elicitation completed',
    question: () =>
      ask(
        'Please choose',
        {
          untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
          titledSingle: { type: 'string', oneOf: choices('Option') },
          legacyEnum: {
            type: 'string',
            enum: ['opt1', 'opt2', 'opt3'],
            enumNames: ['Option One', 'Option Two', 'Option Three'],
          },
          untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
          titledMulti: { type: 'array', items: { anyOf: choices('Choice') } },
        },
        [],
      ),
  }),
  {
    name: 'test_streaming_elicitation',
    description: 'Reports progress, then asks the person',
    async run({ ctx }) {
      const progressToken = ctx.mcpReq._meta?.progressToken;
      if (progressToken !== undefined) {
        await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress: 1, total: 2 } });
      }
      const accepted = acceptedContent(ctx.mcpReq.inputResponses, 'user_name');
      if (accepted) return text(`Hello, ${String(accepted.name)}!`);
      return inputRequired({ inputRequests: { user_name: askName('What is your name?') } });
    },
  },
  {
    name: 'test_missing_capability',
    description: 'Needs a client that can sample; the server itself refuses any other with -32021',
    run({ ctx }) {
      const answer = inputResponse(ctx.mcpReq.inputResponses, 'answer');
      if (answer.kind === 'sampling') return text('The client can sample');
      return inputRequired({ inputRequests: { answer: sample('Can you hear me?', 10) } });
    },
  },
  {
    name: 'test_input_required_result_elicitation',
    description: 'Asks the person for a name',
    run({ ctx }) {
      const accepted = acceptedContent(ctx.mcpReq.inputResponses, 'user_name');
      if (typeof accepted?.name === 'string') return text(`Hello, ${accepted.name}!`);
      return inputRequired({ inputRequests: { user_name: askName('What is your name?') } });
    },
  },
  {
    name: 'test_input_required_result_sampling',
    description: "Asks the client's model about a capital",
    run({ ctx }) {
      const answer = inputResponse(ctx.mcpReq.inputResponses, 'capital_question');
      if (answer.kind === 'sampling') return text(saidBy(answer.result));
      return inputRequired({ inputRequests: { capital_question: sample('What is the capital of France?', 100) } });
    },
  },
  {
    name: 'test_input_required_result_list_roots',
    description: 'Asks the client for its roots',
    run({ ctx }) {
      const answer = inputResponse(ctx.mcpReq.inputResponses, 'client_roots');
      if (answer.kind === 'roots') return text(`Roots: ${answer.roots.map((root) => root.uri).join(', ')}`);
      return inputRequired({ inputRequests: { client_roots: inputRequired.listRoots() } });
    },
  },
  {
    name: 'test_input_required_result_request_state',
    description: 'Asks for a confirmation and hands out sealed state',
    async run({ ctx, state }) {
      const confirmed = inputResponse(ctx.mcpReq.inputResponses, 'confirm').kind === 'elicit';
      if (confirmed && ctx.mcpReq.requestState()) return text('state-ok');
      return inputRequired({
        inputRequests: { confirm: askConfirmation() },
        requestState: await state.mint({ round: 1 }, ctx),
      });
    },
  },
  {
    name: 'test_input_required_result_tampered_state',
    description: 'Asks for a confirmation; sealed state that was changed is refused',
    async run({ ctx, state }) {
      const confirmed = inputResponse(ctx.mcpReq.inputResponses, 'confirm').kind === 'elicit';
      if (confirmed && ctx.mcpReq.requestState()) return text('The state came back untouched');
      return inputRequired({
        inputRequests: { confirm: askConfirmation() },
        requestState: await state.mint({ round: 1 }, ctx),
      });
    },
  },
  {
    name: 'test_input_required_result_multiple_inputs',
    description: 'Asks the person, the model and the client at once',
    async run({ ctx, state }) {
      const responses = ctx.mcpReq.inputResponses;
      const name = acceptedContent(responses, 'user_name')?.name;
      const greeting = inputResponse(responses, 'greeting');
      const roots = inputResponse(responses, 'client_roots');
      if (name !== undefined && greeting.kind === 'sampling' && roots.kind === 'roots') {
        return text(`${String(name)}: ${saidBy(greeting.result)} (${roots.roots.length} roots)`);
      }
      return inputRequired({ inputRequests: askEverything(), requestState: await state.mint({ round: 1 }, ctx) });
    },
  },
  {
    name: 'test_input_required_result_multi_round',
    description: 'Asks for a name, then for a colour',
    async run({ ctx, state }) {
      const color = acceptedContent(ctx.mcpReq.inputResponses, 'step2')?.color;
      const remembered = ctx.mcpReq.requestState<{ name?: string }>();
      if (color !== undefined && remembered?.name) return text(`${remembered.name} likes ${String(color)}`);
      const name = acceptedContent(ctx.mcpReq.inputResponses, 'step1')?.name;
      if (typeof name === 'string' && remembered) {
        return inputRequired({
          inputRequests: { step2: ask('Step 2: What is your favorite color?', { color: { type: 'string' } }) },
          requestState: await state.mint({ round: 2, name }, ctx),
        });
      }
      return inputRequired({
        inputRequests: { step1: askName('Step 1: What is your name?') },
        requestState: await state.mint({ round: 1 }, ctx),
      });
    },
  },
  {
    name: 'test_input_required_result_capabilities',
    description: 'Asks only what the client said it can answer',
    run({ ctx, client }) {
      const everything = askEverything();
      const offered: InputRequests = {};
      if (client.elicitation && everything.user_name) offered.user_name = everything.user_name;
      if (client.sampling && everything.greeting) offered.greeting = everything.greeting;
      if (client.roots && everything.client_roots) offered.client_roots = everything.client_roots;
      const open = Object.keys(offered).filter(
        (key) => inputResponse(ctx.mcpReq.inputResponses, key).kind === 'missing',
      );
      return open.length === 0 ? text('Nothing left to ask') : inputRequired({ inputRequests: offered });
    },
  },
];

type FormQuestion = Parameters<typeof inputRequired.elicit>[0];
type FormFields = Extract<FormQuestion['requestedSchema'], { properties: unknown }>['properties'];

/** `required` left out: every field is. */
function ask(message: string, properties: FormFields, required = Object.keys(properties)) {
  return inputRequired.elicit({ message, requestedSchema: { type: 'object', properties, required } });
}

function sample(question: string, maxTokens: number) {
  return inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: question } }],
    maxTokens,
  });
}

function askEverything(): InputRequests {
  return {
    user_name: askName('What is your name?'),
    greeting: sample('Generate a greeting', 50),
    client_roots: inputRequired.listRoots(),
  };
}

function choices(word: string) {
  return ['First', 'Second', 'Third'].map((rank, index) => ({ const: `value${index + 1}`, title: `${rank} ${word}` }));
}

function saidBy(result: { content: unknown }): string {
  const blocks = Array.isArray(result.content) ? result.content : [result.content];
  return blocks.map((block: { text?: string }) => block.text ?? '').join('');
}

interface ElicitingTool extends Pick<FixtureTool, 'name' | 'description' | 'input'> {
  readonly label: string;
  question(args: Readonly<Record<string, unknown>>): ReturnType<typeof ask>;
}

/** A tool that asks the person once and tells what came back, whether accepted, declined or cancelled. */
function elicitingTool({ label, question, ...tool }: ElicitingTool): FixtureTool {
  return {
    ...tool,
    run({ args, ctx }) {
      const answer = inputResponse(ctx.mcpReq.inputResponses, 'answer');
      if (answer.kind !== 'elicit') return inputRequired({ inputRequests: { answer: question(args) } });
      return text(`${label}: action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`);
    },
  };
}
