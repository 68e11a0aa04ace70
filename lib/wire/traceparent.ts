/** Where a request stands in a distributed trace. */
export interface TraceParent {
  /** 32 hex digits. */
  readonly traceId: string;
  /** The span of whoever asks, 16 hex digits. */
  readonly parentId: string;
  /** Whether whoever asks may have recorded it. */
  readonly isSampled: boolean;
}

/** Longer than any version will need; what is longer is not looked at. */
const maxLength = 512;

const form = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

const isZero = (hex: string): boolean => /^0+$/.test(hex);

/**
 * Reads the header `traceparent`; returns undefined if it is absent or not valid, as a trace is begun anew then. What a
 * later version adds at the end is left out. https://www.w3.org/TR/trace-context/#traceparent-header
 */
export const readTraceparent = (header: string | undefined): TraceParent | undefined => {
  if (header === undefined || header.length > maxLength) return undefined;
  const [, version = '', traceId = '', parentId = '', flags = '', more] = form.exec(header) ?? [];
  if (version === '' || version === 'ff' || isZero(traceId) || isZero(parentId)) return undefined;
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, parentId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
};

/** Writes the header, in version 00. */
export const writeTraceparent = ({ traceId, parentId, isSampled }: TraceParent): string =>
  `00-${traceId}-${parentId}-${isSampled ? '01' : '00'}`;
