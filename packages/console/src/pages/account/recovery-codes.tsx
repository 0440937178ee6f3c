import { Button } from '../../parts/button.tsx';
import { CodeBlock } from '../../parts/code-block.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { say } from '../../parts/toast.tsx';

interface RecoveryCodesProps {
  readonly codes: readonly string[];
  readonly onClose: () => void;
}

export function RecoveryCodes({ codes, onClose }: RecoveryCodesProps) {
  return (
    <Dialog
      open
      onClose={onClose}
      title="Keep these recovery codes"
      description="Each stands in once for your second factor. They are not shown again."
      footer={
        <Button
          kind="primary"
          onClick={() => {
            say('Your second factor is set up');
            onClose();
          }}
        >
          I have kept them
        </Button>
      }
    >
      <CodeBlock text={codes.join('\n')} label="Recovery codes" />
    </Dialog>
  );
}
