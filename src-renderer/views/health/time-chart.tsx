import { type ReactElement, useEffect, useRef, useState } from 'react';
import UPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

export interface ChartSeries<P> {
  readonly name: string;
  /** A colour token of the page. */
  readonly colour: string;
  readonly words: (value: number) => string;
  readonly of: (point: P) => number | null;
}

interface TimeChartProps<P> {
  readonly title: string;
  readonly unit?: string;
  /** Where the scale ends; without it, a little above the highest point. */
  readonly most?: number;
  readonly points: readonly P[];
  readonly series: readonly ChartSeries<P>[];
  readonly nowWallMs: number;
}

const HOUR_S = 3600;
/** A chart of an hour with one minute in it would show nothing. */
const LEAST_S = 600;

const tokenOf = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** The next 1, 2 or 5 times a power of ten: an axis that ends on a number people read at a glance. */
export function roundTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  const step = [1, 2, 5, 10].find((times) => times * power >= value) ?? 10;
  return step * power;
}

function optionsFor<P>(
  { series, most }: TimeChartProps<P>,
  size: { width: number; height: number },
): UPlot.Options {
  const stroke = tokenOf('--faint');
  const font = `${tokenOf('--size-1')} ${tokenOf('--font')}`;
  const ago = (seconds: number): string => {
    const minutes = Math.round(seconds / 60);
    return minutes === 0 ? 'now' : `${minutes} min ago`;
  };
  return {
    ...size,
    padding: [8, 30, 0, 0],
    legend: { show: false },
    cursor: { y: false, drag: { x: false, y: false }, points: { size: 6 } },
    scales: {
      x: { time: false },
      y: { range: (_plot, _min, max) => [0, most ?? roundTop(max ?? 1)] },
    },
    axes: [
      {
        stroke,
        font,
        size: 20,
        gap: 4,
        grid: { show: false },
        ticks: { show: false },
        splits: (_plot, _index, min, max) => [min, min + (max - min) / 2, max],
        values: (_plot, splits) => splits.map((split) => ago((splits.at(-1) ?? split) - split)),
      },
      {
        stroke,
        font,
        size: 40,
        gap: 6,
        grid: { stroke: tokenOf('--edge'), width: 1 },
        ticks: { show: false },
        splits: (_plot, _index, _min, max) => [0, max / 2, max],
        values: (_plot, splits) => splits.map(String),
      },
    ],
    series: [
      {},
      ...series.map(({ colour }, index) => ({
        stroke: tokenOf(colour),
        width: index === 0 ? 2 : 1.5,
        points: { show: false },
        spanGaps: false,
      })),
    ],
  };
}

/** Lines over the last hour; under the pointer, else at its end, the values stand beside the names. */
export function TimeChart<P extends { readonly wallMs: number }>(props: TimeChartProps<P>): ReactElement {
  const { title, unit, points, series, nowWallMs } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<UPlot | null>(null);
  const [hovered, hover] = useState<number | null>(null);
  const first = useRef(props);
  useEffect(() => {
    const element = host.current;
    if (element === null) return;
    const size = (): { width: number; height: number } => ({
      width: element.clientWidth,
      height: element.clientHeight,
    });
    const chart = new UPlot(
      {
        ...optionsFor(first.current, size()),
        hooks: { setCursor: [({ cursor }) => hover(cursor.idx ?? null)] },
      },
      [[], ...first.current.series.map(() => [])],
      element,
    );
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize(size()));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = null;
    };
  }, []);
  useEffect(() => {
    const chart = plot.current;
    if (chart === null) return;
    const x = points.map(({ wallMs }) => wallMs / 1000);
    chart.setData([x, ...series.map(({ of }) => points.map((point) => of(point)))], false);
    const max = nowWallMs / 1000;
    const span = Math.min(HOUR_S, Math.max(LEAST_S, max - (x[0] ?? max)));
    chart.setScale('x', { min: max - span, max });
  }, [points, series, nowWallMs]);
  const at = points[hovered ?? points.length - 1] ?? points.at(-1);
  return (
    <figure className="chart">
      <figcaption className="chart-head">
        <span className="chart-title">
          {title}
          {unit === undefined ? null : <span className="chart-unit"> {unit}</span>}
        </span>
        <span className="chart-legend number">
          {series.map(({ name, colour, words, of }) => {
            const value = at === undefined ? null : of(at);
            return (
              <span key={name} className="chart-key">
                <svg aria-hidden="true" width="10" height="3" viewBox="0 0 10 3">
                  <path d="M0 1.5h10" stroke={`var(${colour})`} strokeWidth="3" />
                </svg>
                {name} <b>{value === null ? '–' : words(value)}</b>
              </span>
            );
          })}
        </span>
      </figcaption>
      <div className="chart-plot" ref={host} dir="ltr" />
      {points.length > 0 ? null : <p className="chart-empty">The first point comes after ten seconds</p>}
    </figure>
  );
}
