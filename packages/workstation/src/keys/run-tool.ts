import { spawn } from 'node:child_process';

export interface ToolAnswer {
  /** null: it could not be started, or did not end in time. */
  readonly code: number | null;
  readonly out: string;
}

/** Runs a program of the operating system with something to read, and answers what it wrote. Never rejects. */
export type RunTool = (command: string, args: readonly string[], input: string) => Promise<ToolAnswer>;

/** A keychain may ask the person to unlock it. Milliseconds. */
const patience = 30_000;

export const runTool: RunTool = (command, args, input) =>
  new Promise((resolve) => {
    const child = spawn(command, [...args], {
      stdio: ['pipe', 'pipe', 'ignore'],
      windowsHide: true,
      timeout: patience,
    });
    const chunks: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
    child.stdin.on('error', () => undefined);
    child.on('error', () => resolve({ code: null, out: '' }));
    child.on('close', (code) => resolve({ code, out: Buffer.concat(chunks).toString() }));
    child.stdin.end(input);
  });
