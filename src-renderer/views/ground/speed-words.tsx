import type { ReactElement } from 'react';
import type { LineSpeed } from '#shared/domain/line-speed.ts';
import { kmhWords } from '../../figures/speed-words.ts';
import { countWords } from '../../figures/words.ts';

/** Speeds over a line in one direction: the middle one with its uncertainty, and what 85 of 100 do not exceed. */
export function SpeedWords({ speed }: { readonly speed: LineSpeed }): ReactElement {
  const { medianKmh, p85Kmh, uncertaintyKmh, measured, crossings } = speed;
  return (
    <p
      className="line-speed number"
      data-testid={`speed-${speed.line}-${speed.direction}`}
      title={`Half were slower. Of ${countWords(crossings)} crossings ${countWords(measured)} have a speed; each is within about ±${uncertaintyKmh.toFixed(1)} km/h with 95 %.`}
    >
      {kmhWords({ kmh: medianKmh, uncertaintyKmh })}
      <span>85 % up to {p85Kmh.toFixed(0)} km/h</span>
      <span>
        {countWords(measured)} of {countWords(crossings)} measured
      </span>
    </p>
  );
}
