import type { LogSink } from './log-sink.ts';

/** A log that no secret reaches: every text of a line goes through `mask` first. */
export function maskedLog(sink: LogSink, mask: (text: string) => string): LogSink {
  return {
    write: (line) =>
      sink.write({
        ...line,
        message: mask(line.message),
        fields: Object.fromEntries(
          Object.entries(line.fields).map(([name, value]) => [
            name,
            typeof value === 'string' ? mask(value) : value,
          ]),
        ),
      }),
    close: () => sink.close(),
  };
}
