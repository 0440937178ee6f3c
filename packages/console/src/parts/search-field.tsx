import { Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Input } from './field.tsx';
import './search-field.css';

interface SearchFieldProps {
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onChange: (value: string) => void;
}

const typingPause = 250;

/** Tells what was typed once the typing pauses. `/` leads here. */
export function SearchField({ label, placeholder = 'Search', value, onChange }: SearchFieldProps) {
  const [typed, setTyped] = useState(value);
  const told = useRef(value);
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  useEffect(() => {
    if (value !== told.current) setTyped(value);
    told.current = value;
  }, [value]);
  useEffect(() => {
    if (typed.trim() === told.current) return undefined;
    const timer = setTimeout(() => {
      told.current = typed.trim();
      tell.current(typed.trim());
    }, typingPause);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <span className="search">
      <Search size={14} aria-hidden="true" />
      <Input
        type="search"
        aria-label={label}
        placeholder={placeholder}
        data-search=""
        value={typed}
        onChange={(event) => setTyped(event.target.value)}
      />
    </span>
  );
}
