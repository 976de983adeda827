import { type ReactElement, useEffect, useState } from 'react';
import { fingerprintIn } from '#shared/domain/certificate.ts';
import type { SourceTest } from '#shared/domain/source-draft.ts';
import type { FormKind } from '../../add/source-form.ts';
import { ageWords } from '../../figures/words.ts';
import { Button } from '../../ui/button.tsx';
import { FaultNote } from '../../ui/fault-note.tsx';
import { Icon } from '../../ui/icon.tsx';
import { Fingerprint } from './fingerprint.tsx';
import type { TestState } from './test-state.ts';

interface TestResultProps {
  readonly state: TestState;
  readonly kind: FormKind;
  /** Takes the certificate that the camera showed, by its fingerprint. */
  readonly onAccept: (fingerprint: string) => void;
}

/** What "Test" found: the picture with what it is, or the named cause and what to do about it. */
export function TestResult({ state, kind, onAccept }: TestResultProps): ReactElement {
  if (state.kind === 'bad') {
    const fingerprint = fingerprintIn(state.fault.detail);
    return (
      <div className="test" data-testid="test-bad">
        <FaultNote {...state.fault} />
        {state.fault.kind !== 'camera-certificate' || fingerprint === null ? null : (
          <AcceptCertificate fingerprint={fingerprint} onAccept={onAccept} />
        )}
      </div>
    );
  }
  if (state.kind === 'good') return <Found test={state.test} />;
  return (
    <div className="test">
      <div className="test-picture" role="status">
        {state.kind === 'going-on' ? (
          <p>
            <span className="dot" data-tone="busy" /> {kind === 'file' ? 'Looking into it…' : 'Connecting…'}
          </p>
        ) : (
          <>
            <Icon name="camera" size={28} />
            <p>“Test” connects once and shows the picture here. Nothing is added by it.</p>
          </>
        )}
      </div>
    </div>
  );
}

/** Said before it is done: from then on whoever holds this certificate is taken for the camera. */
function AcceptCertificate(props: {
  readonly fingerprint: string;
  readonly onAccept: (fingerprint: string) => void;
}): ReactElement {
  const { fingerprint, onAccept } = props;
  return (
    <div className="test-certificate">
      <p>
        Its fingerprint (SHA-256):
        <Fingerprint fingerprint={fingerprint} />
      </p>
      <p>
        Accept it only if the camera’s own page or its installer tells the same. It is kept for this source.
      </p>
      <Button data-testid="accept-certificate" onClick={() => onAccept(fingerprint)}>
        Accept this certificate
      </Button>
    </div>
  );
}

function Found({ test }: { readonly test: SourceTest }): ReactElement {
  const { media, connectMs, ffmpeg } = test;
  const rows: readonly (readonly [string, string])[] = [
    ['Picture', `${media.width} × ${media.height}`],
    ['Coding', media.codec],
    ['Rate', media.fps === null ? 'not told' : `${Number(media.fps.toFixed(2))} pictures/s`],
    ['First picture after', ageWords(connectMs)],
    ['Decoder', `ffmpeg ${ffmpeg.version}`],
  ];
  return (
    <div className="test" data-testid="test-good">
      <TestPicture bytes={test.picture} />
      <dl className="test-rows number">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="selectable">{value}</dd>
          </div>
        ))}
      </dl>
      {ffmpeg.old ? (
        <p className="test-old">
          <Icon name="warn" size={14} />
          This ffmpeg is an old one. A newer ffmpeg installed on this computer is safer with cameras you do
          not trust.
        </p>
      ) : null}
    </div>
  );
}

function TestPicture({ bytes }: { readonly bytes: Uint8Array }): ReactElement | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    const made = URL.createObjectURL(new Blob([bytes as Uint8Array<ArrayBuffer>], { type: 'image/jpeg' }));
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [bytes]);
  if (address === null) return null;
  return <img className="test-image" src={address} alt="What the source shows now" />;
}
