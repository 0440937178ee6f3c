// An authenticator in software, for tests: makes passkeys and proofs as a browser hands them over, and does wrong on demand.
import { createHash, createSign, generateKeyPairSync, randomBytes } from 'node:crypto';
import type { PasskeyProof } from '../auth/passkeys.ts';

export interface SoftAuthenticator {
  /** For what `startPasskey` answered. */
  create(options: unknown, wrong?: Wrong): SoftCredential;
  /** For what `startPasskeySignIn` answered. */
  prove(options: unknown, wrong?: Wrong): PasskeyProof;
  counter: number;
}

/** What differs from an honest answer. */
export interface Wrong {
  readonly origin?: string;
  readonly rpId?: string;
  readonly challenge?: string;
  readonly verified?: boolean;
  readonly type?: string;
  readonly userHandle?: string;
  readonly tampered?: boolean;
}

interface SoftCredential {
  readonly id: string;
  readonly rawId: string;
  readonly type: 'public-key';
  readonly response: {
    readonly clientDataJSON: string;
    readonly attestationObject: string;
    readonly transports: string[];
  };
  readonly clientExtensionResults: Record<string, unknown>;
}

/** The options' parts that matter here. */
interface Asked {
  readonly challenge: string;
  readonly rp?: { readonly id: string };
  readonly rpId?: string;
  readonly user?: { readonly id: string };
}

const present = 0x01;
const verifiedFlag = 0x04;
const attested = 0x40;

export function createSoftAuthenticator(origin: string): SoftAuthenticator {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const id = randomBytes(32);
  let user: string | undefined;

  const clientData = (type: string, { challenge }: Asked, wrong: Wrong) =>
    Buffer.from(
      JSON.stringify({
        type: wrong.type ?? type,
        challenge: wrong.challenge ?? challenge,
        origin: wrong.origin ?? origin,
        crossOrigin: false,
      }),
    );
  const authenticatorData = (asked: Asked, wrong: Wrong, more: Buffer, extra: number) => {
    const head = Buffer.alloc(37);
    createHash('sha256')
      .update(wrong.rpId ?? asked.rp?.id ?? asked.rpId ?? '')
      .digest()
      .copy(head);
    head[32] = present | (wrong.verified === false ? 0 : verifiedFlag) | extra;
    head.writeUInt32BE(made.counter, 33);
    return Buffer.concat([head, more]);
  };

  const made: SoftAuthenticator = {
    counter: 0,
    create(options, wrong = {}) {
      const asked = options as Asked;
      user = asked.user?.id;
      const coordinates = { x: Buffer.from(x, 'base64url'), y: Buffer.from(y, 'base64url') };
      // COSE: key type EC2 (1: 2), ES256 (3: -7), curve P-256 (-1: 1), and the point (-2, -3).
      const key = Buffer.concat([
        Buffer.from([0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]),
        coordinates.x,
        Buffer.from([0x22, 0x58, 0x20]),
        coordinates.y,
      ]);
      const length = Buffer.alloc(2);
      length.writeUInt16BE(id.length);
      const data = authenticatorData(asked, wrong, Buffer.concat([Buffer.alloc(16), length, id, key]), attested);
      // CBOR: { fmt: "none", attStmt: {}, authData }
      const attestation = Buffer.concat([
        Buffer.from([0xa3, 0x63]),
        Buffer.from('fmt'),
        Buffer.from([0x64]),
        Buffer.from('none'),
        Buffer.from([0x67]),
        Buffer.from('attStmt'),
        Buffer.from([0xa0, 0x68]),
        Buffer.from('authData'),
        Buffer.from([0x58, data.length]),
        data,
      ]);
      return {
        id: id.toString('base64url'),
        rawId: id.toString('base64url'),
        type: 'public-key',
        response: {
          clientDataJSON: clientData('webauthn.create', asked, wrong).toString('base64url'),
          attestationObject: attestation.toString('base64url'),
          transports: ['internal'],
        },
        clientExtensionResults: {},
      };
    },
    prove(options, wrong = {}) {
      const asked = options as Asked;
      made.counter += 1;
      const client = clientData('webauthn.get', asked, wrong);
      const data = authenticatorData(asked, wrong, Buffer.alloc(0), 0);
      const signature = createSign('sha256')
        .update(data)
        .update(createHash('sha256').update(client).digest())
        .sign(privateKey);
      if (wrong.tampered) signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
      return {
        id: id.toString('base64url'),
        rawId: id.toString('base64url'),
        type: 'public-key',
        response: {
          clientDataJSON: client.toString('base64url'),
          authenticatorData: data.toString('base64url'),
          signature: signature.toString('base64url'),
          userHandle: wrong.userHandle ?? user,
        },
        clientExtensionResults: {},
      };
    },
  };
  return made;
}
