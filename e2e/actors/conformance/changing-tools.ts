// Tools that change the fixture under the eyes of its clients, and a few that scenarios of our own need: one that waits to
// be cancelled, one with a structured result, one that answers with a link.

import { type FixtureTool, text } from './tool.ts';

export const changingTools: readonly FixtureTool[] = [
  {
    name: 'test_trigger_tool_change',
    description: 'Makes the appearing tool come or go',
    run({ world }) {
      world.change('tools');
      return text(world.showsAppearingTool ? 'The tool appeared' : 'The tool went away');
    },
  },
  {
    name: 'test_trigger_prompt_change',
    description: 'Makes the appearing prompt come or go',
    run({ world }) {
      world.change('prompts');
      return text(world.showsAppearingPrompt ? 'The prompt appeared' : 'The prompt went away');
    },
  },
  {
    name: 'touch_watched_resource',
    description: 'Changes test://watched-resource and tells those who watch it',
    run({ world }) {
      world.change('watched-resource');
      return text(`Version ${world.watchedVersion}`);
    },
  },
  {
    name: 'wait_for_cancel',
    description: 'Says that it has begun, and answers only when it is cancelled or after the given time',
    input: {
      type: 'object',
      properties: { milliseconds: { type: 'integer', minimum: 0 } },
      required: ['milliseconds'],
    },
    async run({ args, ctx }) {
      const token = ctx.mcpReq._meta?.progressToken;
      if (token !== undefined) {
        await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken: token, progress: 0 } });
      }
      return new Promise((resolve) => {
        const timer = setTimeout(() => resolve(text('Nobody cancelled')), Number(args.milliseconds));
        ctx.mcpReq.signal.addEventListener('abort', () => {
          clearTimeout(timer);
          cancelled += 1;
          resolve(text('Cancelled'));
        });
      });
    },
  },
  {
    name: 'count_cancelled',
    description: 'Tells how many calls of wait_for_cancel were cancelled in this process',
    run: () => text(String(cancelled)),
  },
  {
    name: 'add_numbers',
    description: 'Adds two numbers, with a structured result',
    input: {
      type: 'object',
      properties: { a: { type: 'number' }, b: { type: 'number' } },
      required: ['a', 'b'],
    },
    output: { type: 'object', properties: { sum: { type: 'number' } }, required: ['sum'] },
    run({ args }) {
      const sum = Number(args.a) + Number(args.b);
      return { ...text(`The sum is ${sum}`), structuredContent: { sum } };
    },
  },
  {
    name: 'link_to_resource',
    description: 'Answers with a link to a resource',
    run: () => ({
      content: [{ type: 'resource_link', uri: 'test://static-text', name: 'static-text', mimeType: 'text/plain' }],
    }),
  },
];

let cancelled = 0;
