import type { HttpResponse } from '../../sts/http.ts';
import type { Arrival } from '../arrival.ts';

/** One shape of HTTP event: how to know it, read it, and answer it. */
export interface EventShape {
  readonly name: string;
  /** `undefined` where the event is not of this shape. */
  read(event: Record<string, unknown>): Arrival | undefined;
  write(response: HttpResponse): unknown;
}
