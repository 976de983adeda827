/**
 * A further output of a live ffmpeg: the camera's own packets in Matroska on a pipe, nothing decoded or encoded.
 * Matroska carries every codec that cameras send. One packet per cluster, so that nothing waits inside ffmpeg.
 */
export function recordingArguments(output: string): string[] {
  return [
    ...['-map', '0:v:0', '-c:v', 'copy', '-an', '-sn', '-dn'],
    ...['-f', 'matroska', '-live', '1', '-write_crc32', '0', '-cluster_time_limit', '0'],
    ...['-flush_packets', '1', output],
  ];
}

/** True for a line that says ffmpeg cannot pack the stream so; it then gives up all its outputs. */
export function recordingRefused(line: string): boolean {
  return /Could not write header for output file #1|\[matroska @ [^\]]*\].*(not supported|No (mimetype|codec)|Can't write packet)/i.test(
    line,
  );
}
