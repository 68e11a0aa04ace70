import type { HttpResponse } from '../core/http.ts';
import type { RawRequest } from './raw-request.ts';

/** One shape of HTTP event: how it is recognized, read and answered. */
export interface EventShape {
  /** Returns undefined if the event does not have this shape. */
  read(event: Record<string, unknown>): RawRequest | undefined;
  write(response: HttpResponse): unknown;
}
