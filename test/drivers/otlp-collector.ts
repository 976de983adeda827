import { createServer, type Server } from 'node:http';
import { z } from 'zod';

const attributeSchema = z.object({
  key: z.string(),
  value: z.object({
    stringValue: z.string().optional(),
    intValue: z.union([z.number(), z.string()]).optional(),
    doubleValue: z.number().optional(),
  }),
});
const spanSchema = z.object({
  traceId: z.string().regex(/^[0-9a-f]{32}$/),
  spanId: z.string().regex(/^[0-9a-f]{16}$/),
  parentSpanId: z.string().optional(),
  name: z.string(),
  startTimeUnixNano: z.string().regex(/^\d+$/).transform(BigInt),
  endTimeUnixNano: z.string().regex(/^\d+$/).transform(BigInt),
  attributes: z.array(attributeSchema),
});
/** ExportTraceServiceRequest of OTLP 1.x, as JSON. */
const requestSchema = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes: z.array(attributeSchema) }),
      scopeSpans: z.array(z.object({ spans: z.array(spanSchema) })),
    }),
  ),
});
export type OtlpSpan = z.output<typeof spanSchema>;

/** What a collector does with a request. `hang`: takes it and never answers. */
export type CollectorMood = 'take' | 'refuse' | 'hang';

/** A collector of spans over HTTP, in this process. */
export class OtlpCollector {
  readonly spans: OtlpSpan[] = [];
  readonly services: string[] = [];
  readonly bodies: string[] = [];
  readonly problems: string[] = [];
  mood: CollectorMood = 'take';
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      let text = '';
      request.setEncoding('utf8').on('data', (more: string) => {
        text += more;
      });
      request.on('end', () => {
        this.bodies.push(text);
        if (this.mood === 'hang') return;
        if (this.mood === 'take') this.#take(text);
        response
          .writeHead(this.mood === 'take' ? 200 : 400, { 'content-type': 'application/json' })
          .end('{}');
      });
    });
  }

  static async open(): Promise<OtlpCollector> {
    const collector = new OtlpCollector();
    await new Promise<void>((resolve) => collector.#server.listen(0, '127.0.0.1', resolve));
    return collector;
  }

  get endpoint(): string {
    const address = this.#server.address();
    return `http://127.0.0.1:${address !== null && typeof address === 'object' ? address.port : 0}/v1/traces`;
  }

  /** Spans by trace. */
  get traces(): OtlpSpan[][] {
    const ids = new Set(this.spans.map(({ traceId }) => traceId));
    return [...ids].map((id) => this.spans.filter(({ traceId }) => traceId === id));
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  #take(text: string): void {
    try {
      for (const { resource, scopeSpans } of requestSchema.parse(JSON.parse(text)).resourceSpans) {
        this.services.push(attributeOf(resource, 'service.name') ?? '');
        for (const { spans } of scopeSpans) this.spans.push(...spans);
      }
    } catch (thrown) {
      this.problems.push(String(thrown));
    }
  }
}

/** An attribute as text. */
export function attributeOf(of: Pick<OtlpSpan, 'attributes'>, key: string): string | undefined {
  const value = of.attributes.find((attribute) => attribute.key === key)?.value;
  const found = value?.stringValue ?? value?.intValue ?? value?.doubleValue;
  return found === undefined ? undefined : String(found);
}
