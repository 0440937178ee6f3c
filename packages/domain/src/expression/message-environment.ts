import { createEnvironment, type Environment } from './environment.ts';
import { messageFunctions } from './message-functions.ts';
import { messageVariables } from './message-variables.ts';

/** The one environment of everything that judges messages: conditions of policies and of grants. */
export const messageEnvironment: Environment<typeof messageVariables> = createEnvironment(
  messageVariables,
  messageFunctions,
);
