import { element, elementIds as ids, unsigned } from './ebml.ts';
import type { Packet, StreamHeader } from './packet.ts';

const text = (id: number, value: string): Buffer => element(id, Buffer.from(value, 'latin1'));
const number = (id: number, value: number): Buffer => element(id, Buffer.from([value]));

/** The element every file begins with: Matroska version 4, readable by readers of version 2. */
const FILE_HEAD = element(
  ids.ebml,
  number(0x4286, 1),
  number(0x42f7, 1),
  number(0x42f2, 4),
  number(0x42f3, 8),
  text(0x4282, 'matroska'),
  number(0x4287, 4),
  number(0x4285, 2),
);
/** A segment without a length: right at any moment, however the file ends. */
const SEGMENT_HEAD = Buffer.from('1853806701ffffffffffffff', 'hex');

/** First bytes of a file of this stream. */
export function headBytes(header: StreamHeader): Buffer {
  return Buffer.concat([FILE_HEAD, SEGMENT_HEAD, header.info, header.tracks]);
}

/** One packet as a cluster of its own; `ptsMs` of the file, not below 0. */
export function packetBytes(packet: Packet, ptsMs: number): Buffer {
  const blockHead = Buffer.from([0x81, 0, 0, packet.key ? 0x80 : 0]);
  const block = element(ids.simpleBlock, blockHead, packet.data);
  return element(ids.cluster, element(ids.timecode, unsigned(Math.max(0, Math.round(ptsMs)))), block);
}
