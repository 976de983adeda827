import type { Speed } from '#shared/domain/calibration.ts';

/** A speed with half of its 95 % interval, both in whole km/h: `48 ±3 km/h`. Less than one is not claimed. */
export function kmhWords({ kmh, uncertaintyKmh }: Speed): string {
  return `${kmh.toFixed(0)} ±${Math.max(1, Math.ceil(uncertaintyKmh))} km/h`;
}
