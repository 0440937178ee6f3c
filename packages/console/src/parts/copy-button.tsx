import { Check, Copy, type LucideIcon } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Button, IconButton } from './button.tsx';
import { warn } from './toast.tsx';

interface CopyButtonProps {
  readonly text: string | (() => string);
  /** What is copied: "Copy endpoint". */
  readonly label: string;
  /** Shows the label beside the icon. */
  readonly full?: boolean;
  readonly kind?: 'primary' | 'plain' | 'quiet';
  readonly icon?: LucideIcon;
  readonly onCopied?: () => void;
}

export function CopyButton({ text, label, full = false, kind, icon: idle = Copy, onCopied }: CopyButtonProps) {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return undefined;
    const timer = setTimeout(() => setCopied(false), 1600);
    return () => clearTimeout(timer);
  }, [copied]);

  const copy = async () => {
    try {
      await navigator.clipboard.writeText(typeof text === 'string' ? text : text());
      setCopied(true);
      onCopied?.();
    } catch {
      warn('The browser did not allow copying', 'Select the text and copy it by hand.');
    }
  };

  const icon = copied ? Check : idle;
  return (
    <>
      {full ? (
        <Button size="small" kind={kind ?? 'plain'} icon={icon} onClick={copy}>
          {copied ? 'Copied' : label}
        </Button>
      ) : (
        <IconButton size="small" kind={kind ?? 'quiet'} icon={icon} label={copied ? 'Copied' : label} onClick={copy} />
      )}
      <span className="visually-hidden" role="status">
        {copied ? 'Copied' : ''}
      </span>
    </>
  );
}
