// What the browser is given: one file, nothing from anywhere else. All that is shown is put in as text.
import { createHash } from 'node:crypto';

const style = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 70rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
h1 { font-size: 1.4rem; } h2 { font-size: 1.1rem; margin-top: 2rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .3rem .6rem .3rem 0; vertical-align: top; border-bottom: 1px solid #8884; overflow-wrap: anywhere; }
pre { overflow: auto; padding: .6rem; border: 1px solid #8886; border-radius: .4rem; }
button { font: inherit; margin-right: .5rem; } .quiet { opacity: .7; }
`;

const script = `
const key = location.hash.slice(1);
const ask = (path, init = {}) => fetch(path, { ...init, headers: { authorization: 'Bearer ' + key } });
const main = document.querySelector('main');
const add = (parent, tag, text) => { const node = document.createElement(tag); if (text !== undefined) node.textContent = text; parent.append(node); return node; };
const table = (title, rows, columns, empty) => {
  add(main, 'h2', title);
  if (rows.length === 0) { add(main, 'p', empty).className = 'quiet'; return; }
  const into = add(main, 'table'); const head = add(add(into, 'thead'), 'tr');
  for (const [name] of columns) add(head, 'th', name);
  const body = add(into, 'tbody');
  for (const row of rows) { const line = add(body, 'tr'); for (const [, of] of columns) { const cell = add(line, 'td'); const value = of(row, cell); if (value !== undefined) cell.textContent = value; } }
};
const when = (at) => at === null ? 'never' : new Date(at).toLocaleString();
async function show() {
  const answer = await ask('/state');
  if (!answer.ok) { main.textContent = 'This address is not complete, or no longer good: run “mcpvault workstation open” again.'; return; }
  const state = await answer.json();
  main.replaceChildren();
  add(main, 'p', state.summary);
  table('Jobs that wait for your word', state.jobs, [
    ['What', (job) => job.kind], ['Asked by', (job) => job.requestedBy ?? 'the hub'], ['Why', (job) => job.reason], ['With', (job) => JSON.stringify(job.input)],
    ['', (job, cell) => { for (const [text, word] of [['Allow', 'given'], ['Decline', 'declined']]) { const button = add(cell, 'button', text); button.onclick = async () => { await ask('/jobs/' + job.id, { method: 'POST', body: word }); await show(); }; } }],
  ], 'None.');
  table('Servers and clients', state.links, [['Client', (one) => one.client], ['Calls it', (one) => one.name], ['Behind it', (one) => one.server], ['State', (one) => one.state], ['File', (one) => one.path]], 'Nothing is adopted on this computer.');
  table('Planned changes', state.changes, [['File', (one) => one.path], ['Difference', (one, cell) => { add(cell, 'pre', one.preview); }]], 'None.');
  table('Messages of this computer', state.messages, [['When', (one) => when(one.at)], ['Client', (one) => one.client ?? ''], ['Server', (one) => one.server ?? ''], ['What', (one) => one.method + (one.target === null ? '' : ' ' + one.target)], ['Outcome', (one) => one.outcome + (one.reason === null ? '' : ': ' + one.reason)], ['Changed', (one) => one.edits.join(', ')], ['Alerts', (one) => one.alerts.join(', ')]], 'None lie here.');
  table('What the hub was told of this computer', state.told, [['', (one) => one.name], ['', (one) => one.value]], 'It belongs to no hub; nothing is told to anybody.');
}
show();
`;

function digest(text: string): string {
  return `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
}

/** Runs and shows nothing but what stands in it, and asks nobody but its own server. */
export const pagePolicy = `default-src 'none'; script-src ${digest(script)}; style-src ${digest(style)}; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`;

export const pageHtml = `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>This computer · MCPVault</title><style>${style}</style></head><body><h1>This computer</h1><main>…</main><script>${script}</script></body></html>`;
