// `mcpvault hub` as a process of its own, for tests of how it starts, stops and refuses.
import { runHub } from '../main.ts';

process.exitCode = await runHub(process.argv.slice(2), process.env);
