import type { ReactElement } from 'react';
import type { HistoryPoint } from '#shared/domain/health.ts';
import { countWords, measuredWords, rateWords } from '../../figures/words.ts';
import { type ChartSeries, TimeChart } from './time-chart.tsx';
import './charts.css';

interface ChartsProps {
  readonly history: readonly HistoryPoint[];
  readonly nowWallMs: number;
}

type Of = (point: HistoryPoint) => number | null;
const line = (
  name: string,
  colour: string,
  words: (value: number) => string,
  of: Of,
): ChartSeries<HistoryPoint> => ({
  name,
  colour,
  words,
  of,
});
const share = (value: number | null): number | null => (value === null ? null : value * 100);
const percent = (value: number): string => `${value.toFixed(0)} %`;

const frames = [
  line('analysed', '--accent', rateWords, (point) => point.processedPerSecond),
  line('left out', '--warn', rateWords, (point) => point.droppedPerSecond),
];
const times = [
  line('model median', '--accent', measuredWords, (point) => point.inferP50Ms),
  line('95 %', '--good', measuredWords, (point) => point.inferP95Ms),
  line('whole way 95 %', '--count', measuredWords, (point) => point.totalP95Ms),
];
const machine = [
  line('processor', '--accent', percent, (point) => share(point.cpuShare)),
  line('memory', '--good', percent, (point) => share(point.memoryShare)),
];
const queues = [
  line('frames', '--accent', countWords, (point) => point.waitingFrames),
  line('batches of rows', '--count', countWords, (point) => point.waitingBatches),
];

/** Up to the last hour at a glance. */
export function Charts({ history, nowWallMs }: ChartsProps): ReactElement {
  const common = { points: history, nowWallMs };
  return (
    <section className="health-card charts" aria-label="Over time">
      <h2 className="heading">Over time</h2>
      <div className="charts-grid" data-testid="charts" data-points={history.length}>
        <TimeChart {...common} title="Frames per second" series={frames} />
        <TimeChart {...common} title="Time for a frame" unit="ms" series={times} />
        <TimeChart {...common} title="Computer" unit="%" most={100} series={machine} />
        <TimeChart {...common} title="Waiting" series={queues} />
      </div>
    </section>
  );
}
