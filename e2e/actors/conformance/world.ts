// What all connections to one fixture server share: whether the appearing tool and prompt are there, and how often the
// watched resource was touched. A change is announced to every listener, so that one client's call is another's notification.

export type WorldChange = 'tools' | 'prompts' | 'watched-resource';

export interface World {
  readonly showsAppearingTool: boolean;
  readonly showsAppearingPrompt: boolean;
  /** How often the watched resource was touched. */
  readonly watchedVersion: number;
  /** Makes the appearing tool or prompt come or go, or touches the watched resource; then tells the listeners. */
  change(what: WorldChange): void;
  /** Returns the function that ends the listening. */
  listen(listener: (what: WorldChange) => void): () => void;
}

export function createWorld(): World {
  const listeners = new Set<(what: WorldChange) => void>();
  const state = { tools: false, prompts: false, version: 0 };
  return {
    get showsAppearingTool() {
      return state.tools;
    },
    get showsAppearingPrompt() {
      return state.prompts;
    },
    get watchedVersion() {
      return state.version;
    },
    change(what) {
      if (what === 'tools') state.tools = !state.tools;
      else if (what === 'prompts') state.prompts = !state.prompts;
      else state.version += 1;
      for (const listener of listeners) listener(what);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
