// Tools that answer by themselves: every kind of content, logging, progress, errors, schemas, headers.

import { redPixelPng, silentWav } from './samples.ts';
import { type FixtureTool, pause, text } from './tool.ts';

const mirroredIntoHeader = { type: 'string', 'x-mcp-header': 'Region' } as const;

export const plainTools: readonly FixtureTool[] = [
  {
    name: 'test_simple_text',
    description: 'Answers with one text block',
    run: () => text('This is a simple text response for testing.'),
  },
  {
    name: 'test_image_content',
    description: 'Answers with one picture',
    run: () => ({ content: [{ type: 'image', data: redPixelPng, mimeType: 'image/png' }] }),
  },
  {
    name: 'test_audio_content',
    description: 'Answers with one sound',
    run: () => ({ content: [{ type: 'audio', data: silentWav, mimeType: 'audio/wav' }] }),
  },
  {
    name: 'test_embedded_resource',
    description: 'Answers with an embedded resource',
    run: () => ({
      content: [
        {
          type: 'resource',
          resource: {
            uri: 'test://embedded-resource',
            mimeType: 'text/plain',
            text: 'This is an embedded resource content.',
          },
        },
      ],
    }),
  },
  {
    name: 'test_multiple_content_types',
    description: 'Answers with a text, a picture and a resource',
    run: () => ({
      content: [
        { type: 'text', text: 'Multiple content types test:' },
        { type: 'image', data: redPixelPng, mimeType: 'image/png' },
        {
          type: 'resource',
          resource: {
            uri: 'test://mixed-content-resource',
            mimeType: 'application/json',
            text: JSON.stringify({ test: 'data', value: 123 }),
          },
        },
      ],
    }),
  },
  {
    name: 'test_tool_with_logging',
    description: 'Writes three log messages while it works',
    async run({ ctx }) {
      await ctx.mcpReq.log('info', 'Tool execution started');
      await pause(50);
      await ctx.mcpReq.log('info', 'Tool processing data');
      await pause(50);
      await ctx.mcpReq.log('info', 'Tool execution completed');
      return text('Tool with logging executed successfully');
    },
  },
  {
    name: 'test_logging_tool',
    description: 'Writes one log message, which only a client that asked for it receives',
    async run({ ctx }) {
      await ctx.mcpReq.log('info', 'Logging tool executed');
      return text('Logging tool executed successfully');
    },
  },
  {
    name: 'test_tool_with_progress',
    description: 'Reports its progress where the caller sent a progress token',
    async run({ ctx }) {
      const progressToken = ctx.mcpReq._meta?.progressToken;
      for (const progress of [0, 50, 100]) {
        if (progress > 0) await pause(50);
        if (progressToken === undefined) continue;
        await ctx.mcpReq.notify({ method: 'notifications/progress', params: { progressToken, progress, total: 100 } });
      }
      return text('Tool with progress executed successfully');
    },
  },
  {
    name: 'test_error_handling',
    description: 'Always fails',
    run: () => {
      throw new Error('This tool intentionally returns an error for testing');
    },
  },
  {
    name: 'test_reconnection',
    description: 'Closes its own stream before it answers, so that the client must come back for the answer',
    async run({ ctx }) {
      await pause(50);
      ctx.http?.closeSSE?.();
      await pause(100);
      return text('The answer waited for the client to come back');
    },
  },
  {
    name: 'json_schema_2020_12_tool',
    description: 'Tool with JSON Schema 2020-12 features',
    input: {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      $defs: {
        address: {
          $anchor: 'addressDef',
          type: 'object',
          properties: { street: { type: 'string' }, city: { type: 'string' } },
        },
      },
      properties: {
        name: { type: 'string' },
        address: { $ref: '#/$defs/address' },
        contactMethod: { type: 'string', enum: ['phone', 'email'] },
        phone: { type: 'string' },
        email: { type: 'string' },
      },
      allOf: [{ anyOf: [{ required: ['phone'] }, { required: ['email'] }] }],
      if: { properties: { contactMethod: { const: 'phone' } }, required: ['contactMethod'] },
      then: { required: ['phone'] },
      else: { required: ['email'] },
      additionalProperties: false,
    },
    run: ({ args }) => text(`Received: ${JSON.stringify(args)}`),
  },
  {
    name: 'test_header_parameter',
    description: 'Takes a parameter that modern clients mirror into an HTTP header',
    input: {
      type: 'object',
      properties: { region: mirroredIntoHeader },
    },
    run: ({ args }) => text(`Region: ${String(args.region ?? 'none')}`),
  },
];
