import './keys.css';

const isApple = /Mac|iPhone|iPad/.test(navigator.userAgent);

/** `mod+k`, `g then m`, `esc`: shown as the keys of the reader's own keyboard. */
export function Keys({ of }: { readonly of: string }) {
  return (
    <span className="keys">
      {of
        .split(' ')
        .map((part) => (part === 'then' ? <span key={part}>then</span> : <kbd key={part}>{shown(part)}</kbd>))}
    </span>
  );
}

function shown(keys: string): string {
  return keys
    .split('+')
    .map((key) => names[key] ?? (key.length === 1 ? key.toUpperCase() : key))
    .join(isApple ? '' : ' ');
}

const names: Readonly<Record<string, string>> = {
  mod: isApple ? '⌘' : 'Ctrl',
  enter: '↵',
  esc: 'Esc',
  up: '↑',
  down: '↓',
};
