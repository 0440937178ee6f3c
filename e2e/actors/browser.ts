// A browser as people use it: the distribution's Chromium, on the console that the hub serves. Everything the console does
// wrong on the way counts: errors it throws or logs, and what its content security policy had to stop.

import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { ensureConsoleBuilt } from '@mcpvault/tools/bootstrap/console-build.mjs';
import { eventually, patienceMs } from './eventually.ts';

export interface Browser extends AsyncDisposable {
  /** A person of their own: nothing is shared with others. */
  person(options?: PersonOptions): Promise<Person>;
}

export interface PersonOptions {
  readonly theme?: 'light' | 'dark';
  readonly phone?: boolean;
}

export interface Person extends AsyncDisposable {
  readonly page: Page;
  readonly context: BrowserContext;
  /** Another tab of the same browser. */
  tab(): Promise<Page>;
  /** What went wrong so far. */
  troubles(): readonly string[];
  /** What was copied last, once it is what is wanted: copying goes on after the press. */
  copied(wanted: (text: string) => boolean): Promise<string>;
  /** Presses the keys until what they lead to is there: a page shows its heading before it listens to keys. */
  pressUntil(keys: readonly string[], there: () => Promise<boolean>): Promise<void>;
  /** Fails on what axe calls serious or critical. */
  assertAccessible(what: string): Promise<void>;
  /** Kept where MCPVAULT_SCREENSHOTS names a folder. */
  screenshot(name: string): Promise<void>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const desktop = { width: 1360, height: 860 };
const phone = { width: 390, height: 844 };

/** Builds the console where its sources have changed, and starts the browser. */
export async function openBrowser(): Promise<Browser> {
  await ensureConsoleBuilt(root, process.execPath);
  const browser = await chromium.launch({
    executablePath: process.env['MCPVAULT_TEST_CHROMIUM'] ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  return {
    person: async (options = {}) => createPerson(await browser.newContext(contextOptions(options))),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

function contextOptions({ theme = 'light', phone: onPhone = false }: PersonOptions): BrowserContextOptions {
  return {
    colorScheme: theme,
    viewport: onPhone ? phone : desktop,
    hasTouch: onPhone,
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  };
}

async function createPerson(context: BrowserContext): Promise<Person> {
  const troubles: string[] = [];
  context.setDefaultTimeout(patienceMs);
  const watch = (page: Page): Page => {
    page.on('pageerror', (error) => troubles.push(`thrown: ${error.message}`));
    page.on('console', (message) => {
      // The browser itself logs every refused request; whether a refusal is right is for the scenario to say.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        troubles.push(`logged: ${message.text()}`);
      }
    });
    return page;
  };
  const tab = async () => watch(await context.newPage());
  const page = await tab();
  return {
    page,
    context,
    tab,
    troubles: () => troubles,
    async copied(wanted) {
      let text = '';
      await eventually(async () => {
        text = await page.evaluate<string>('navigator.clipboard.readText()');
        return wanted(text);
      }, 'what was copied');
      return text;
    },
    async pressUntil(keys, there) {
      await eventually(
        async () => {
          for (const key of keys) await page.keyboard.press(key);
          for (let looks = 0; looks < 20; looks += 1) {
            if (await there()) return true;
            await setTimeout(50);
          }
          return false;
        },
        `what ${keys.join(' ')} leads to`,
      );
    },
    assertAccessible: (what) => assertAccessible(page, what),
    screenshot: (name) => screenshot(page, name),
    [Symbol.asyncDispose]: () => context.close(),
  };
}

/** axe runs in a world of its own, so that the page's content security policy can stay as it is. */
async function assertAccessible(page: Page, what: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { frameTree } = await session.send('Page.getFrameTree');
  const { executionContextId: contextId } = await session.send('Page.createIsolatedWorld', {
    frameId: frameTree.frame.id,
  });
  await session.send('Runtime.evaluate', { expression: axe, contextId });
  const { result, exceptionDetails } = await session.send('Runtime.evaluate', {
    expression: `axe.run({ exclude: ['[data-base-ui-focus-guard]'] }, { resultTypes: ['violations'] })
      .then(({ violations }) => violations
        .filter(({ impact }) => impact === 'serious' || impact === 'critical')
        .map(({ id, nodes }) => id + ': ' + nodes.map(({ target }) => target.join(' ')).join(', ')))`,
    contextId,
    awaitPromise: true,
    returnByValue: true,
  });
  await session.detach();
  assert.equal(exceptionDetails, undefined, `axe ran on ${what}`);
  assert.deepEqual(result.value, [], what);
}

async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['MCPVAULT_SCREENSHOTS'];
  if (folder === undefined || folder === '') return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
