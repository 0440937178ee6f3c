// Where a member types the code that a device without a browser shows, such as a command line.
import { useMutation } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { Check, X } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import { useHub } from '../../api/hub.ts';
import { Button } from '../../parts/button.tsx';
import { Field, Input } from '../../parts/field.tsx';
import { Notice } from '../../parts/notice.tsx';
import { Problem } from '../../parts/problem.tsx';
import { FrontDoor } from '../sign-in/front-door.tsx';
import { Asking } from './asking.tsx';

export function DevicePage() {
  const { client } = useHub();
  const { user_code: given } = useSearch({ from: '/asked/device' });
  const [code, setCode] = useState(given ?? '');
  const look = useMutation({ mutationFn: () => client.call('getDevice', { code: code.trim() }) });
  const decide = useMutation({
    mutationFn: async (allow: boolean) => {
      await client.call('decideDevice', { code: code.trim(), allow });
      return allow;
    },
  });
  if (decide.data !== undefined) {
    return (
      <FrontDoor title={decide.data ? 'It is let in' : 'It is not let in'}>
        <p className="soft">You can close this page, and go back to the device.</p>
      </FrontDoor>
    );
  }
  if (look.data) {
    return (
      <FrontDoor title={`Let ${look.data.client.name} in?`}>
        <div className="stack">
          {decide.error && <Problem error={decide.error} />}
          <Asking asked={look.data} />
          <Notice tone="warn" title="Does your own device show this code?">
            <p>{code}. If somebody sent it to you, do not allow it: they would be let in as you.</p>
          </Notice>
          <div className="row">
            <Button kind="primary" icon={Check} busy={decide.isPending} onClick={() => decide.mutate(true)}>
              Allow
            </Button>
            <Button icon={X} busy={decide.isPending} onClick={() => decide.mutate(false)}>
              Do not allow
            </Button>
          </div>
        </div>
      </FrontDoor>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    look.mutate();
  };
  return (
    <FrontDoor title="Let a device in" text="Type the code that it shows.">
      <form className="stack" onSubmit={submit}>
        {look.error && <Problem error={look.error} />}
        <Field label="Code" required>
          {(control) => (
            <Input
              {...control}
              autoFocus
              autoComplete="off"
              value={code}
              onChange={(event) => setCode(event.target.value)}
            />
          )}
        </Field>
        <div>
          <Button type="submit" kind="primary" busy={look.isPending} disabled={code.trim().length < 8}>
            Continue
          </Button>
        </div>
      </form>
    </FrontDoor>
  );
}
