import { useMay } from '../api/me.ts';
import { Dialog } from '../parts/dialog.tsx';
import { Keys } from '../parts/keys.tsx';
import { usePlaces } from './navigation.ts';
import './shortcut-sheet.css';

const everywhere: readonly (readonly [string, string])[] = [
  ['mod+k', 'Search pages, servers, members and actions'],
  ['/', 'Go to the search field of the page'],
  ['?', 'Show this sheet'],
];

const messages: readonly (readonly [string, string])[] = [
  ['j', 'Next message'],
  ['k', 'Previous message'],
  ['enter', 'Open the message beside the list'],
  ['o', 'Open the message on its own page'],
  ['p', 'Pause or resume the live list'],
  ['esc', 'Close the message'],
];

const approvals: readonly (readonly [string, string])[] = [
  ['j', 'Next held call'],
  ['k', 'Previous held call'],
  ['y', 'Approve it, once'],
  ['n', 'Refuse it'],
];

const alerts: readonly (readonly [string, string])[] = [
  ['j', 'Next alert'],
  ['k', 'Previous alert'],
  ['enter', 'Open the alert beside the list'],
  ['a', 'Take it on: acknowledged, and yours'],
  ['e', 'Resolve it'],
  ['d', 'Dismiss it: the same stays quiet for an hour'],
  ['u', 'Open it again'],
  ['x', 'Choose it, to change several at once'],
  ['c', 'Comment on the open alert'],
];

export default function ShortcutSheet({ onClose }: { readonly onClose: () => void }) {
  const may = useMay();
  const pages = usePlaces()
    .flatMap((group) => group.places)
    .map(({ shortcut, label }) => [shortcut.split(' ').join(' then '), label] as const);
  return (
    <Dialog open onClose={onClose} title="Keyboard shortcuts" size="large">
      {/* Taller than low windows, and nothing in it takes the keyboard that has to scroll it. */}
      <section className="sheet" tabIndex={0} aria-label="Shortcuts">
        <Keyboard title="Everywhere" keys={everywhere} />
        <Keyboard title="Messages" keys={messages} />
        <Keyboard title="Approvals" keys={approvals} />
        {may('alerts:read') && <Keyboard title="Alerts" keys={alerts} />}
        <Keyboard title="Go to" keys={pages} />
      </section>
    </Dialog>
  );
}

function Keyboard({ title, keys }: { readonly title: string; readonly keys: readonly (readonly [string, string])[] }) {
  return (
    <section>
      <h3>{title}</h3>
      <dl>
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <Keys of={key} />
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
