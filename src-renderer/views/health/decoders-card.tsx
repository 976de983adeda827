import { type ReactElement, useEffect, useState } from 'react';
import type { Decoder, Decoders } from '#shared/domain/decoder.ts';
import { inquire } from '../../bridge.ts';
import './decoders-card.css';

/** Which ffmpeg reads cameras and which reads files; one that is too old is pointed out. */
export function DecodersCard(): ReactElement {
  const [found, setFound] = useState<Decoders | null>(null);
  const [failed, setFailed] = useState('');
  useEffect(() => {
    let gone = false;
    inquire('decoders.get', {}).then(
      (decoders) => !gone && setFound(decoders),
      (thrown) => !gone && setFailed(String(thrown)),
    );
    return () => {
      gone = true;
    };
  }, []);
  const problem = found?.problem ?? failed;
  return (
    <section className="health-card" aria-label="Video decoder" data-testid="decoders-card">
      <h2 className="heading">Video decoder</h2>
      <dl className="decoders">
        <Row name="Cameras" decoder={found?.streams ?? null} />
        <Row name="Files" decoder={found?.files ?? null} />
      </dl>
      {found?.streams?.old === true ? (
        <p className="card-trouble">
          The ffmpeg for cameras is an old one, without repairs. A newer one installed on this computer is
          taken by itself, and is safer with cameras you do not trust.
        </p>
      ) : null}
      {problem === '' ? null : (
        <p className="card-trouble" role="alert">
          {problem}
        </p>
      )}
      <p className="card-note">
        Another one, for cameras and files: video.ffmpegPath in the settings file. Without it files are read
        with the one that comes with ivis.
      </p>
    </section>
  );
}

function Row({ name, decoder }: { readonly name: string; readonly decoder: Decoder | null }): ReactElement {
  return (
    <div className="decoder">
      <dt>{name}</dt>
      <dd className="selectable">
        {decoder === null ? '–' : `ffmpeg ${decoder.version}`}
        {decoder === null ? null : (
          <bdi className="decoder-path" title={decoder.path}>
            {decoder.path}
          </bdi>
        )}
      </dd>
    </div>
  );
}
