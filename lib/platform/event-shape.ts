import type { HttpResponse } from '../core/http.ts';
import type { RawRequest } from './raw-request.ts';

/** One shape of HTTP event: how to know it, read it, and answer it. */
export interface EventShape {
  readonly name: string;
  /** `undefined` where the event is not of this shape. */
  read(event: Record<string, unknown>): RawRequest | undefined;
  write(response: HttpResponse): unknown;
}
