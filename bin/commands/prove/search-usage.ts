/** What every proof says of itself. */
export const searchUsage = 'Decides offline, without secrets. Exits with 1 also if a bound was hit, and says which.';

/** A value as JSON, for programs. */
export const jsonText = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
