import { z } from 'zod';
import { type ErrorKind, errorKindSchema } from '../domain/error-kind.ts';

/** How an error crosses a process boundary. */
export const wireErrorSchema = z.object({ kind: errorKindSchema, message: z.string().max(4000) });
export type WireError = z.infer<typeof wireErrorSchema>;

/** An error with a kind from the closed list; the only error class that crosses processes with its meaning. */
export class NamedError extends Error {
  readonly kind: ErrorKind;

  constructor(kind: ErrorKind, message: string) {
    super(message);
    this.name = 'NamedError';
    this.kind = kind;
  }
}

/** Any thrown value as a wire error; what has no kind becomes `internal`. */
export function toWireError(thrown: unknown): WireError {
  if (thrown instanceof NamedError) return { kind: thrown.kind, message: thrown.message.slice(0, 4000) };
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return { kind: 'internal', message: message.slice(0, 4000) };
}

/** A wire error as something that can be thrown. */
export function fromWireError(error: WireError): NamedError {
  return new NamedError(error.kind, error.message);
}
